import type { FieldTable } from "../taxonomy.ts";
import type { ProductLogSource } from "./product.ts";

/** Categories of network traffic whatever device wrote it. Sigma's names for `network` are ECS's own. */
const CONNECTION: FieldTable = {
  src_ip: ["source.ip", "source.address"],
  src_port: ["source.port"],
  dst_ip: ["destination.ip", "destination.address"],
  dst_port: ["destination.port"],
  username: ["user.name", "source.user.name"],
  action: ["event.action", "event.type", "event.outcome"],
  blocked: ["event.type"],
  protocol: ["network.transport", "network.iana_number"],
};

const QUERY: FieldTable = {
  query: ["dns.question.name"],
  QueryName: ["dns.question.name"],
  record_type: ["dns.question.type"],
  QueryType: ["dns.question.type"],
  answer: ["dns.answers.data", "dns.resolved_ip"],
  answers: ["dns.answers.data", "dns.resolved_ip"],
  parent_domain: ["dns.question.registered_domain"],
  rcode: ["dns.response_code"],
  src_ip: ["source.ip", "client.ip"],
};

export const NETWORK: readonly ProductLogSource[] = [
  {
    names: ["-/firewall/-", "-/network/firewall"],
    datasets: [
      "panw.panos",
      "cisco_asa.log",
      "cisco_ftd.log",
      "fortinet_fortigate.log",
      "checkpoint.firewall",
      "sophos.xg",
      "sonicwall_firewall.log",
      "juniper_srx.log",
      "pfsense.log",
      "iptables.log",
    ],
    shapes: [{ is: { "observer.type": ["firewall"] } }, { has: ["src_ip", "dst_ip", "dst_port"] }],
    fields: CONNECTION,
  },
  {
    names: ["-/dns/-", "-/network/dns"],
    shapes: [{ has: ["dns.question.name"] }, { has: ["query", "record_type"] }, { has: ["query", "qtype_name"] }],
    fields: QUERY,
  },
  {
    names: ["-/network/connection"],
    shapes: [
      { is: { "event.category": ["network"] }, has: ["destination.ip"] },
      { has: ["network.transport", "source.ip", "destination.ip"] },
    ],
    fields: {},
  },
];
