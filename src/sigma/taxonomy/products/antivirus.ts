import type { ProductLogSource } from "./product.ts";

/** Detections of malware, whatever the product: Sigma's three fields in the ECS of threats, of files, and in Defender's own event data. */
export const ANTIVIRUS: readonly ProductLogSource[] = [
  {
    names: ["-/antivirus/-", "antivirus/antivirus/-"],
    datasets: [
      "endpoint.alerts",
      "m365_defender.alert",
      "microsoft_defender_endpoint.log",
      "sophos_central.alert",
      "trellix_epo_cloud.event",
    ],
    shapes: [
      { is: { "event.category": ["malware"] } },
      { has: ["Signature", "Filename"] },
      {
        is: {
          "winlog.channel": ["Microsoft-Windows-Windows Defender/Operational"],
          "event.code": ["1006", "1007", "1008", "1116", "1117", "1118", "1119"],
        },
      },
    ],
    fields: {
      Signature: [
        "threat.indicator.name",
        "threat.software.name",
        "rule.name",
        "file.Ext.malware_signature.primary.signature.name",
        "winlog.event_data.Threat Name",
        "winlog.event_data.Threat_Name",
      ],
      Filename: ["file.path", "file.name", "winlog.event_data.Path"],
      Action: ["event.action", "winlog.event_data.Action Name", "winlog.event_data.Action_Name"],
    },
  },
];
