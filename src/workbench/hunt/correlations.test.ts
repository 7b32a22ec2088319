import { expect, test } from "vitest";
import type { Observed } from "../../detect/index.ts";
import { loadSigma } from "../../sigma/index.ts";
import { Hunt, type HuntResult } from "./hunt.ts";
import { runnableCorrelations, runnableSigma } from "../rules/sigma.ts";

const RULES = `
title: Share
name: share
id: 11111111-1111-4111-8111-111111111111
logsource: {product: windows, service: security}
detection:
  selection: {EventID: 5140}
  condition: selection
---
title: Service
name: service
id: 22222222-2222-4222-8222-222222222222
logsource: {product: windows, service: security}
detection:
  selection: {EventID: 4697}
  condition: selection
---
title: Share, then service
id: 33333333-3333-4333-8333-333333333333
level: high
correlation:
  type: temporal_ordered
  rules: [share, service]
  group-by: [Computer]
  timespan: 5m
`;

function hunt(events: readonly object[], rules = RULES): HuntResult {
  const { rules: loaded, correlations, problems } = loadSigma([{ path: "r.yml", text: rules }]);
  expect(problems).toEqual([]);
  const made = new Hunt({
    packages: [],
    rules: loaded.filter((rule) => !rule.silent).map(runnableSigma),
    parts: loaded.filter((rule) => rule.silent).map(runnableSigma),
    correlations: runnableCorrelations(correlations, loaded),
  });
  events.forEach((value, at) => made.record({ kind: "document", document: value as never, place: { file: "e.ndjson", line: at + 1 } }));
  return made.finish();
}

const faultsOf = ({ faults }: HuntResult): unknown[] => faults.map(({ rule, code, count }) => [rule?.name, code, count]);

const raw = (code: string, minute: number, computer: string): object => ({
  "@timestamp": `2026-01-01T00:${String(minute).padStart(2, "0")}:00Z`,
  event: { code, kind: "event", provider: "Microsoft-Windows-Security-Auditing" },
  winlog: {
    channel: "Security",
    provider_name: "Microsoft-Windows-Security-Auditing",
    event_id: code,
    computer_name: computer,
    event_data: { ShareName: "\\\\*\\C$", SubjectUserName: "u", ServiceName: "s" },
  },
});

test("a correlation alerts on what its rules saw, in order of time whatever the order of reading", () => {
  const { alerts, rules, faults, withoutGroup } = hunt([raw("4697", 3, "A"), raw("5140", 1, "A"), raw("4697", 2, "B")]);
  expect(alerts.map(({ rule, events }) => [rule.name, events.map((event) => (event as Observed).place.line)])).toEqual([
    ["Share, then service", [2, 1]],
  ]);
  expect(rules.map(({ rule, matched, alerts: fired }) => [rule.name, matched, fired])).toEqual([["Share, then service", 2, 1]]);
  expect([faults, withoutGroup]).toEqual([[], 0]);
});

test("rules of a correlation with `generate` alert too", () => {
  const { alerts } = hunt([raw("5140", 1, "A"), raw("4697", 3, "A")], RULES.replace("timespan: 5m", "timespan: 5m\n  generate: true"));
  expect(alerts.map(({ rule }) => rule.name).sort()).toEqual(["Service", "Share", "Share, then service"]);
});

test("events without a time are counted", () => {
  const { "@timestamp": _, ...event } = raw("5140", 1, "A") as { "@timestamp": string };
  expect(faultsOf(hunt([event]))).toEqual([["Share, then service", "rule/event-without-time", 1]]);
});
