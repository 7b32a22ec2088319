import { expect, test } from "vitest";
import { openInput } from "../../readers/index.ts";
import { Inspector } from "./inspect.ts";
import { TimeGaps } from "./time-gaps.ts";

function event(record: number, time: string, id: number, channel = "Security", data: Record<string, string> = {}): object {
  return {
    "@timestamp": time,
    winlog: {
      channel,
      event_id: String(id),
      provider_name: channel === "Security" ? "Microsoft-Windows-Security-Auditing" : "Microsoft-Windows-Eventlog",
      record_id: record,
      computer_name: "WS01",
      event_data: data,
    },
    event: { code: String(id), kind: "event" },
    host: { name: "WS01" },
  };
}

function inspect(...events: readonly object[]): ReturnType<Inspector["finish"]> {
  const inspector = new Inspector();
  const decoder = openInput("log.ndjson");
  decoder.push(new TextEncoder().encode(events.map((e) => JSON.stringify(e)).join("\n")), inspector);
  decoder.end(inspector);
  return inspector.finish();
}

test("channels: time range, gaps, missing record numbers, backward clocks", () => {
  const { channels, events } = inspect(
    event(10, "2026-01-01T00:00:00Z", 4624),
    event(11, "2026-01-01T02:00:00Z", 4624),
    event(15, "2026-01-01T01:59:00Z", 4624),
    event(16, "2026-01-01T02:01:00Z", 4688, "Security", { NewProcessName: "C:\\a.exe" }),
  );
  expect(events).toBe(4);
  expect(channels).toMatchObject([
    {
      host: "WS01",
      channel: "Security",
      events: 4,
      backwards: 1,
      records: { first: 10, last: 16, missing: 3 },
      gaps: [
        { ms: 7_200_000, from: "2026-01-01T00:00:00Z", to: "2026-01-01T02:00:00Z" },
        { ms: 120_000, from: "2026-01-01T01:59:00Z", to: "2026-01-01T02:01:00Z" },
      ],
    },
  ]);
  expect(channels[0]!.first).toContain("2026-01-01T00:00:00");
  expect(channels[0]!.last).toContain("2026-01-01T02:01:00");
});

test("records that are not in the order of their numbers, in the same file", () => {
  const at = "2026-01-01T00:00:00Z";
  const { channels } = inspect(event(5, at, 4624), event(6, at, 4624), event(1, at, 4624), event(2, at, 4624), event(2, at, 4624));
  expect(channels[0]).toMatchObject({ outOfOrder: 2, backwards: 0 });
});

test("audit settings that must be missing are named", () => {
  const { audit } = inspect(event(1, "2026-01-01T00:00:00Z", 4688, "Security", { NewProcessName: "C:\\a.exe" }));
  expect(audit.some((line) => line.includes("Include command line"))).toBe(true);
  expect(audit.some((line) => line.includes("5145") && line.includes("Detailed File Share"))).toBe(true);
  expect(audit.some((line) => line.includes("4688 in"))).toBe(false);
  expect(audit.some((line) => line.includes("No Sysmon log"))).toBe(true);
});

test("cleared logs stand out", () => {
  const { cleared } = inspect(event(1, "2026-01-01T00:00:00Z", 104, "System"), event(2, "2026-01-01T00:00:01Z", 1102));
  expect(cleared.map((c) => c.channel)).toEqual(["System", "Security"]);
});

test("an event without a time is no gap, and neither is what lies between two files", () => {
  const withoutTime = { ...event(1, "", 4624), "@timestamp": undefined };
  const { channels, withoutTime: n } = inspect(withoutTime, event(2, "2026-01-01T00:00:00Z", 4624), event(3, "2026-01-01T00:01:00Z", 4624));
  expect(n).toBe(1);
  expect(channels[0]!.gaps).toEqual([{ ms: 60_000, from: "2026-01-01T00:00:00Z", to: "2026-01-01T00:01:00Z" }]);
  const gaps = new TimeGaps();
  gaps.add(0, "a");
  gaps.restart();
  gaps.add(5, "b");
  expect(gaps.longest).toEqual([]);
  expect(gaps.add(3, "c")).toBe(false);
  for (const [i, ms] of [10, 12, 100, 101, 300, 301].entries()) gaps.add(ms, String(i));
  expect(gaps.longest.map(({ ms }) => ms)).toEqual([199, 88, 7]);
});

test("event ids have Windows' names and the computers that wrote them, most events first", () => {
  const on = (host: string, id: number, channel = "Security"): object => {
    const raw = event(1, "2026-01-01T00:00:00Z", id, channel) as { winlog: object };
    return { ...raw, host: { name: host }, winlog: { ...raw.winlog, computer_name: host } };
  };
  const { codes } = inspect(on("WS02", 4624), on("WS01", 4624), on("WS01", 4624), on("WS01", 9999));
  expect(codes).toMatchObject([
    {
      code: "4624",
      name: "An account was successfully logged on",
      events: 3,
      hosts: [
        { host: "WS01", events: 2 },
        { host: "WS02", events: 1 },
      ],
    },
    { code: "9999", name: "", events: 1 },
  ]);
});

test("a host that is named as the agents of other systems do", () => {
  const { channels, codes } = inspect({
    "@timestamp": "2026-01-01T00:00:00Z",
    host: { hostname: "lnx01" },
    event: { kind: "event", dataset: "system.auth", action: "ssh_login" },
  });
  expect([channels[0]?.host, codes[0]?.hosts]).toEqual(["lnx01", [{ host: "lnx01", events: 1 }]]);
});
