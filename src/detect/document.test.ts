import { expect, test } from "vitest";
import { makeAlert } from "./alert.ts";
import { alertDocument } from "./document.ts";
import type { Observed } from "./observed.ts";
import { sampleRule } from "./testing/sample-rule.ts";

const rule = sampleRule("T1/A1", "any where true");
const plain = (event: Observed["event"]): Observed => ({ event, source: "winlogbeat.security", place: { file: "a.json" } });

test("an alert with the least in it", () => {
  expect(alertDocument(makeAlert({ rule, events: [plain({ secret: 1 })], ms: Number.NaN, keys: [] }, "id"))).toEqual({
    message: "Rule T1/A1",
    ecs: { version: "9.4.0" },
    event: { kind: "signal", id: "id", severity: 21, risk_score: 21 },
    rule: { id: "T1/A1", uuid: "uuid of T1/A1", name: "Rule T1/A1", version: "1", category: "detection", ruleset: "eql" },
    tocsin: {
      severity: "low",
      title: "Rule T1/A1",
      who: "",
      what: "",
      events: [{ file: "a.json", data_source: "winlogbeat.security", event: { secret: 1 } }],
    },
  });
});

test("an alert with all that there can be: of its last event, of its rule, and where each event lay", () => {
  const tactic = { id: "TA0008", name: "Lateral Movement" };
  const technique = { id: "T1021", name: "Remote Services" };
  const subtechnique = { id: "T1021.002", name: "SMB" };
  const full = {
    ...rule,
    description: "What it detects",
    severity: "high" as const,
    riskScore: 80,
    references: ["https://example.org/first", "https://example.org/second"],
    threat: [
      { framework: "MITRE ATT&CK" as const, tactic },
      { framework: "MITRE ATT&CK" as const, tactic, technique: { ...technique, subtechnique } },
      {
        framework: "MITRE ATT&CK" as const,
        tactic: { id: "TA0002", name: "Execution" },
        technique: { id: "T1569", name: "System Services" },
      },
    ],
  };
  const first = { ...plain({ host: { name: "WS1" } }), place: { file: "a.json", line: 3 }, id: "i", index: "x" };
  const last = {
    ...plain({
      "@timestamp": "2026-01-01T00:00:00Z",
      event: { code: "1", category: ["process"], kind: "event", module: "sysmon", duration: 3 },
      host: { name: "SRV1" },
      user: { name: "kira" },
      process: { command_line: "cmd" },
      message: "long",
      labels: { not: "copied" },
    }),
    place: { file: "b.evtx", offset: 512, record: 7 },
  };
  const document = alertDocument(makeAlert({ rule: full, events: [first, null, last], ms: 5, keys: ["k"], count: 4 }, "id"));
  expect(document).toMatchObject({
    "@timestamp": "2026-01-01T00:00:00Z",
    message: "Rule T1/A1: cmd",
    event: { kind: "signal", id: "id", code: "1", category: ["process"], module: "sysmon", severity: 73, risk_score: 80 },
    host: { name: "SRV1" },
    user: { name: "kira" },
    process: { command_line: "cmd" },
    rule: { description: "What it detects", reference: "https://example.org/first" },
    threat: {
      framework: "MITRE ATT&CK",
      tactic: { id: ["TA0008", "TA0002"], name: ["Lateral Movement", "Execution"] },
      technique: {
        id: ["T1021", "T1569"],
        name: ["Remote Services", "System Services"],
        subtechnique: { id: ["T1021.002"], name: ["SMB"] },
      },
    },
    tocsin: {
      severity: "high",
      who: "kira",
      what: "cmd",
      join_keys: ["k"],
      event_count: 4,
      events: [
        { file: "a.json", line: 3, _id: "i", _index: "x", event: first.event },
        { missing: true },
        { file: "b.evtx", offset: 512, record: 7, event: last.event },
      ],
    },
  });
  expect(document).not.toHaveProperty("labels");
  expect(document).not.toHaveProperty("event.duration");
});
