/** Metadata with everything that metadata can say. For tests. */
import type { RuleMetadata } from "../translation.ts";

export const metadata: RuleMetadata = {
  uuid: "0f6b2d1c-5a3e-4c59-8d21-7b9e4f10a2c3",
  id: "X1",
  title: "A rule",
  description: "What it detects.",
  version: 10_203,
  severity: "high",
  riskScore: 73,
  kind: "detection",
  authors: ["A. Author"],
  license: "Apache-2.0",
  created: "2026-01-31",
  modified: "2026-02-28",
  references: ["https://example.org/a"],
  falsePositives: ["An administrator does it."],
  tags: ["Domain: Endpoint"],
  attack: [
    {
      tactic: { id: "TA0008", name: "Lateral Movement" },
      technique: { id: "T1021", name: "Remote Services" },
      subtechnique: { id: "T1021.002", name: "SMB/Windows Admin Shares" },
    },
  ],
  interval: 300,
  lookback: 540,
  indexPatterns: ["logs-endpoint.events.process-*", "winlogbeat-*"],
  requiredFields: ["process.name"],
  investigationFields: ["host.name", "process.name"],
  suppression: { fields: ["host.name", "process.name"], window: 3600 },
  guide: "## Triage and analysis\n\nLook.",
  setup: "## Setup\n\nAudit.",
  exceptions: [
    {
      id: "known-tool",
      title: "A known tool",
      conditions: [
        { field: "source.ip", values: ["10.0.0.1"] },
        { field: "user.name", values: ["svc-*"] },
        { field: "process.name", values: ["tool.exe", "tool2.exe"] },
      ],
      owner: "Somebody",
      reason: "It is known.",
      expires: "2027-01-31",
    },
  ],
};
