import type { EventShape, ProductLogSource } from "./product.ts";

/** Routers and switches write lines that rules search for words, so what matters is whose lines they are. */
function vendor(name: string): readonly EventShape[] {
  return [{ is: { "observer.vendor": [`${name}*`] } }];
}

const CISCO: Pick<ProductLogSource, "datasets" | "shapes" | "fields" | "places"> = {
  datasets: ["cisco_ios.log", "cisco_nexus.log", "cisco.ios", "cisco.nexus", "cisco_aironet.log", "cisco_ise.log"],
  shapes: vendor("cisco"),
  fields: { CmdSet: ["cisco.ios.message", "cisco_ise.log.cmdset"], src: ["source.ip", "source.address"] },
};

export const NETWORK_DEVICES: readonly ProductLogSource[] = [
  { names: ["cisco/-/aaa", "cisco/-/bgp", "cisco/-/ldp", "cisco/-/syslog", "cisco/-/accounting"], ...CISCO },
  {
    // Duo's Admin API: administrator and authentication log.
    names: ["cisco/-/duo"],
    datasets: ["cisco_duo.admin", "cisco_duo.auth", "cisco_duo.activity"],
    shapes: [{ has: ["txid", "auth_device"] }, { has: ["isotimestamp", "action"] }, { has: ["akey", "action.name"] }],
    fields: {
      action: ["action.name", "cisco_duo.admin.action", "event.action"],
      reason: ["event.reason"],
      result: ["event.outcome"],
    },
    places: [{ prefix: "cisco_duo.admin." }, { prefix: "cisco_duo.auth." }, { prefix: "cisco_duo.activity." }],
  },
  {
    names: ["huawei/-/bgp", "huawei/-/ldp"],
    datasets: ["huawei.log"],
    shapes: vendor("huawei"),
    fields: {},
  },
  {
    names: ["juniper/-/bgp", "juniper/-/ldp"],
    datasets: ["juniper_junos.log", "juniper_srx.log", "juniper.junos"],
    shapes: vendor("juniper"),
    fields: {},
  },
  {
    names: ["fortigate/-/event", "fortigate/-/traffic", "fortigate/-/utm", "fortinet/-/event"],
    datasets: ["fortinet_fortigate.log", "fortinet.firewall"],
    shapes: [{ has: ["logid", "devid", "type"] }, { has: ["logid", "devname"] }],
    fields: {
      action: ["event.action"],
      user: ["source.user.name", "user.name"],
      logid: ["event.code"],
      srcip: ["source.ip"],
      dstip: ["destination.ip"],
      msg: ["message"],
      logdesc: ["rule.description"],
    },
    places: [{ prefix: "fortinet.firewall." }],
  },
  {
    // GlobalProtect writes what clients ask for to the system log; rules look for names of files in it.
    names: ["paloalto/file_event/globalprotect", "paloalto/appliance/globalprotect"],
    datasets: ["panw.panos"],
    shapes: vendor("palo alto"),
    fields: { TargetFilename: ["file.path", "file.name", "message", "event.original"] },
    places: [{ prefix: "panw.panos." }],
  },
];
