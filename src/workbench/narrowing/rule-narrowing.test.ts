import { describe, expect, test } from "vitest";
import { Hunt } from "../hunt/hunt.ts";
import { loadRules, type RuleSet } from "../rules/load.ts";
import { ALL_RULES, narrowRules, type RuleNarrowing } from "./rule-narrowing.ts";

const RULES = `
title: Share
name: share
id: 11111111-1111-4111-8111-111111111111
level: informational
tags: [attack.t1021.002, attack.lateral-movement]
logsource: {product: windows, service: security}
detection:
  selection: {EventID: 5140}
  condition: selection
---
title: Service
name: service
id: 22222222-2222-4222-8222-222222222222
level: high
tags: [attack.t1569.002, attack.execution]
logsource: {product: windows, service: security}
detection:
  selection: {EventID: 4697}
  condition: selection
---
title: Share, then service
id: 33333333-3333-4333-8333-333333333333
level: critical
tags: [attack.execution]
correlation:
  type: temporal_ordered
  rules: [share, service]
  group-by: [Computer]
  timespan: 5m
  generate: true
`;

const loaded: RuleSet = loadRules([{ path: "r.yml", bytes: new TextEncoder().encode(RULES) }], { today: "2026-03-04" });

const event = (code: string, time: string): object => ({
  "@timestamp": time,
  event: { code, kind: "event", provider: "Microsoft-Windows-Security-Auditing" },
  winlog: {
    channel: "Security",
    provider_name: "Microsoft-Windows-Security-Auditing",
    event_id: code,
    computer_name: "A",
    event_data: { ShareName: "\\\\*\\C$", SubjectUserName: "u", ServiceName: "s" },
  },
});

/** The names of the rules that run, and those of the alerts. */
function hunt(narrowing: Partial<RuleNarrowing>, since: string | null = null): { readonly run: string[]; readonly alerts: string[] } {
  const { set } = narrowRules(loaded, { ...ALL_RULES, ...narrowing });
  const run = new Hunt({
    ...set,
    ...(since === null ? {} : { narrowing: { since: Date.parse(since), until: null, hosts: [], users: [], channels: [] } }),
  });
  [event("5140", "2026-01-01T00:01:00Z"), event("4697", "2026-01-01T00:03:00Z")].forEach((document, at) =>
    run.record({ kind: "document", document: document as never, place: { file: "e.ndjson", line: at + 1 } }),
  );
  const { rules, alerts } = run.finish();
  return { run: rules.map(({ rule }) => rule.name).sort(), alerts: alerts.map(({ rule }) => rule.name).sort() };
}

describe("a narrowing of rules", () => {
  test("by name, id, tag, technique and severity", () => {
    const everything = ["Service", "Share", "Share, then service"];
    expect(hunt({})).toEqual({ run: everything, alerts: everything });
    expect(hunt({ rules: ["SHARE"] }).run).toEqual(["Share"]);
    expect(hunt({ rules: ["share*"] }).run).toEqual(["Share", "Share, then service"]);
    expect(hunt({ rules: ["22222222-*"] }).run).toEqual(["Service"]);
    expect(hunt({ tags: ["attack.execution"] }).run).toEqual(["Service", "Share, then service"]);
    expect(hunt({ techniques: ["T1021"] }).run).toEqual(["Share"]);
    expect(hunt({ techniques: ["t1021.002", "T1569"] }).run).toEqual(["Service", "Share"]);
    expect(hunt({ techniques: ["T1021.001"] }).run).toEqual([]);
    expect(hunt({ minSeverity: "low" }).run).toEqual(["Service", "Share, then service"]);
    expect(hunt({ tags: ["attack.*"], minSeverity: "critical" }).run).toEqual(["Share, then service"]);
  });

  test("a correlation keeps the rules it is made of, which alert no more", () => {
    expect(hunt({ rules: ["Share, then service"] })).toEqual({ run: ["Share, then service"], alerts: ["Share, then service"] });
  });

  test("what it counts", () => {
    const { of, kept } = narrowRules(loaded, { ...ALL_RULES, rules: ["Service"] });
    expect([of, kept]).toEqual([3, 1]);
  });
});

test("a rule of several events sees what came before the span, and alerts where its last event lies in it", () => {
  expect(hunt({}, "2026-01-01T00:02:00Z").alerts).toEqual(["Service", "Share, then service"]);
  expect(hunt({}, "2026-01-01T00:04:00Z").alerts).toEqual([]);
});
