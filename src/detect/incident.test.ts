import { describe, expect, test } from "vitest";
import type { Alert } from "./alert.ts";
import { makeAlert } from "./alert.ts";
import { byTime, DEFAULT_GAP_MS, incidents } from "./incident.ts";
import type { RunnableRule } from "./rule.ts";

const rule = { key: "T/A1", name: "A1", severity: "low", kind: "detection", dedup: null, title: null } as unknown as RunnableRule;

function alert(time: string, host = "ws01"): Alert {
  const event = { "@timestamp": time, host: { name: host } };
  return makeAlert({ rule, events: [{ event, source: "s", place: { file: "f" } }], ms: Date.parse(time), keys: [] }, `${host} ${time}`);
}
const groups = (...alerts: readonly Alert[]): number[] =>
  incidents(alerts).map(({ steps }) => steps.reduce((n, step) => n + 1 + step.repeats.length, 0));

describe("incidents", () => {
  const at = (ms: number): string => new Date(Date.parse("2026-03-04T08:00:00.000Z") + ms).toISOString();

  test("alerts of one host are one incident while each follows within fifteen minutes, and no longer", () => {
    expect(DEFAULT_GAP_MS).toBe(900_000);
    expect(groups(alert(at(0)), alert(at(900_000)))).toEqual([2]);
    expect(groups(alert(at(0)), alert(at(900_001)))).toEqual([1, 1]);
    expect(groups(alert(at(0)), alert(at(800_000)), alert(at(1_600_000)))).toEqual([3]);
  });

  test("another host is another incident", () => {
    expect(groups(alert(at(0)), alert(at(1), "srv01"))).toEqual([1, 1]);
  });

  test("alerts within one millisecond are ordered by nanoseconds", () => {
    const times = ["2026-03-04T08:00:00.123900Z", "2026-03-04T08:00:00.123000001Z", "2026-03-04T08:00:00.123Z"];
    expect(
      times
        .map((time) => alert(time))
        .sort(byTime)
        .map(({ id }) => id),
    ).toEqual(times.toReversed().map((time) => `ws01 ${time}`));
  });
});
