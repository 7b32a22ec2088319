import { expect, test } from "vitest";
import { readTimeZone, UTC, type Alert, type Severity } from "../../workbench/index.ts";
import { huntIn, labLog, smbDetection } from "../testing/smb-hunt.ts";
import { alertCounts, alertFacts, alertHistogram } from "./alert-counts.ts";

const { result } = huntIn(smbDetection(), [labLog()]);
const [sample] = result.alerts as readonly [Alert];

function alert(time: string, severity: Severity = "low", fields: Partial<Alert> = {}): Alert {
  return { ...sample, ms: Date.parse(time), rule: { ...sample.rule, severity }, ...fields };
}

test("alerts by severity, host, user, tactic and day", () => {
  const counts = alertCounts(result);
  const n = result.alerts.length;
  for (const list of Object.values(counts)) expect(list.reduce((sum: number, one: { alerts: number }) => sum + one.alerts, 0)).toBe(n);
  expect(counts.bySeverity.map(({ name }) => name)).toEqual(["high", "medium", "low"]);
  expect(counts.byHost.map(({ name }) => name)).toEqual(["SRV01.corp.example", "WS01.corp.example"]);
  expect(alertFacts(result).map(({ title }) => title)).toEqual(["Alerts", "By host", "By user", "By tactic", "By day (UTC)"]);
  expect(alertFacts({ alerts: [] })).toEqual([]);
});

test("a day is one of the zone's; hosts in two spellings are one; the worst severity stands for a group", () => {
  const alerts = [
    alert("2026-03-04T23:30:00Z", "informational", { host: "WS01" }),
    alert("2026-03-05T01:00:00Z", "critical", { host: "ws01", who: "" }),
    { ...alert("2026-03-05T01:00:00Z"), ms: Number.NaN },
  ];
  const days = (zone: string): string[] => alertCounts({ alerts }, readTimeZone(zone)!).byDay.map(({ name }) => name);
  expect(days("UTC")).toEqual(["(no time)", "2026-03-04", "2026-03-05"]);
  expect(days("Europe/Berlin")).toEqual(["(no time)", "2026-03-05"]);
  const { byHost, byUser } = alertCounts({ alerts: alerts.slice(0, 2) });
  expect(byHost).toEqual([{ name: "WS01", alerts: 2, worst: "critical" }]);
  expect(byUser.map(({ name }) => name)).toContain("(no user)");
});

test("a histogram has at most 24 bars, which begin as the zone's clocks do, and empty ones between", () => {
  const two = (first: string, last: string, zone = UTC): unknown => {
    const histogram = alertHistogram({ alerts: [alert(first), alert(last, "high")] }, zone)!;
    expect(histogram.bars.length).toBeLessThanOrEqual(24);
    expect(histogram.bars.reduce((sum, bar) => sum + bar.alerts, 0)).toBe(2);
    return [histogram.each, histogram.bars.length, histogram.bars[0]!.name, histogram.bars.at(-1)];
  };
  expect(two("2026-03-04T09:00:30Z", "2026-03-04T09:02:00Z")).toEqual([
    "1 min",
    3,
    "2026-03-04 09:00",
    { name: "2026-03-04 09:02", alerts: 1, worst: "high", from: Date.UTC(2026, 2, 4, 9, 2), until: Date.UTC(2026, 2, 4, 9, 3) },
  ]);
  expect(two("2026-03-04T22:10:00Z", "2026-03-05T09:10:00Z", readTimeZone("Asia/Kathmandu")!)).toEqual([
    "1 h",
    12,
    "2026-03-05 03:00",
    // By the clocks of Kathmandu, 5:45 ahead.
    { name: "2026-03-05 14:00", alerts: 1, worst: "high", from: Date.UTC(2026, 2, 5, 8, 15), until: Date.UTC(2026, 2, 5, 9, 15) },
  ]);
  expect(two("2026-01-01T00:00:00Z", "2026-01-20T00:00:00Z")).toMatchObject(["1 d", 20, "2026-01-01", { name: "2026-01-20" }]);
  expect(two("1601-01-01T00:00:00Z", "2026-01-20T00:00:00Z")).toBeDefined();
  expect(alertHistogram({ alerts: [alert("2026-03-04T09:00:30Z")] })).toBeNull();
});
