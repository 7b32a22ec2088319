import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { tocsin } from "./testing/in-process.ts";

const sample = join(import.meta.dirname, "..", "..", "samples", "lab.ndjson");
/** The sample goes from 08:41:00.020 to 09:33:33.867, and its first incident from 08:49 to 08:53. */
const DAY = "2026-03-04";

interface Document {
  readonly alerts: readonly { readonly [key: string]: unknown }[];
  readonly rules: readonly { readonly rule: string; readonly events: number; readonly alerts: number }[];
  readonly counts: { readonly events: number; readonly leftOut: { readonly [key: string]: number }; readonly [key: string]: unknown };
}

async function hunt(...options: readonly string[]): Promise<Document> {
  const run = await tocsin(["hunt", sample, "--json", ...options]);
  expect(run.status, run.stderr).toBe(0);
  return JSON.parse(run.stdout) as Document;
}

const times = ({ alerts }: Document): string[] => alerts.map((alert) => String(alert["@timestamp"])).sort();
const hosts = ({ alerts }: Document): Set<string> => new Set(alerts.map((alert) => (alert["host"] as { name: string }).name.toLowerCase()));

describe("a hunt is narrowed", () => {
  test("to a span of time, in any zone; the same alerts as lie in it without", async () => {
    const all = await hunt();
    const within = times(all).filter((time) => time >= `${DAY}T09:12` && time < `${DAY}T09:18`);
    expect(within.length).toBeGreaterThan(5);
    expect(within.length).toBeLessThan(all.alerts.length);
    const narrowed = await hunt("--since", `${DAY}T09:12`, "--until", `${DAY}T09:17`);
    expect(times(narrowed)).toEqual(within);
    expect(times(await hunt("--since", `${DAY} 10:12`, "--until", `${DAY}T10:17`, "--timezone", "Europe/Berlin"))).toEqual(within);
    expect(times(await hunt("--since", "end-100d", "--until", "end"))).toEqual(times(all));
    expect(narrowed.counts.leftOut["events"]).toBeGreaterThan(0);
    expect(narrowed.counts.events).toBe(all.counts.events);
    const counted = narrowed.rules.reduce((sum, { alerts }) => sum + alerts, 0);
    expect(counted).toBeLessThan(all.rules.reduce((sum, { alerts }) => sum + alerts, 0));
  });

  test("to the end of the logs, found by a first reading; standard input cannot be read twice", async () => {
    const narrowed = await hunt("--since", "end-10m");
    expect(times(narrowed).length).toBeGreaterThan(0);
    expect(times(narrowed).every((time) => time >= `${DAY}T09:23:33.867Z`)).toBe(true);
    expect(times(narrowed)).toEqual(times(await hunt("--since", `${DAY}T09:23:33.867Z`)));
    const piped = await tocsin(["hunt", "-", "--since", "end-10m"], [new TextEncoder().encode("{}\n")]);
    expect(piped.status).toBe(2);
    expect(piped.stderr).toContain("can be read only once");
  });

  test("to hosts, users and channels", async () => {
    expect(hosts(await hunt("--host", "ws01"))).toContain("ws01.corp.example");
    const ofBoth = await hunt("--host", "WS0?", "--host", "srv01.*");
    expect(ofBoth.alerts).toHaveLength((await hunt()).alerts.length);
    const users = (await hunt("--user", "J.DOE")).alerts.map((alert) => JSON.stringify(alert).toLowerCase());
    expect(users.length).toBeGreaterThan(0);
    expect(users.every((text) => text.includes("j.doe"))).toBe(true);
    const channels = (await hunt("--channel", "*sysmon*")).alerts.map((alert) => JSON.stringify(alert));
    expect(channels.length).toBeGreaterThan(0);
    expect(channels.every((text) => text.includes("Sysmon"))).toBe(true);
  });

  test("to rules by name, technique and severity; nothing that runs is an error", async () => {
    expect((await hunt("--rule", "B3")).rules.map(({ rule }) => rule)).toEqual(["T1021.002/B3"]);
    const high = await hunt("--min-severity", "HIGH");
    expect(new Set(high.alerts.map((alert) => (alert["tocsin"] as { severity: string }).severity))).toEqual(new Set(["high"]));
    expect(high.counts.leftOut["rules"]).toBeGreaterThan(0);
    expect((await hunt("--technique", "t1021")).rules.length).toBeGreaterThan(20);
    const none = await tocsin(["hunt", sample, "--technique", "T1059"]);
    expect(none.status).toBe(2);
    expect(none.stderr).toMatch(/none of \d+ rules is --technique T1059/);
  });

  test("what is left out is named, and never a silent nothing", async () => {
    const some = await tocsin(["hunt", sample, "--since", `${DAY}T09:12`, "--host", "ws01", "--timezone", "+01:00"]);
    expect(some.stdout).toMatch(/Narrowed: since 2026-03-04 09:12:00.000 \+01:00, host ws01: \d+ of 408 events; \d+ alerts? left out/);
    expect(some.stdout).toContain("time (+01:00)");
    const nothing = await tocsin(["hunt", sample, "--since", "2030-01-01"]);
    expect(nothing.stderr).toContain(
      "none of 408 events is since 2030-01-01 00:00:00.000 UTC; the logs cover 2026-03-04 08:41:00.020 to 2026-03-04 09:33:33.867 UTC",
    );
    const wrong = [
      ["--since", "yesterday"],
      ["--timezone", "Mars"],
      ["--since", "2026-03-05", "--until", "2026-03-04"],
      ["--min-severity", "huge"],
    ];
    for (const options of wrong) expect((await tocsin(["hunt", sample, ...options])).status, options.join(" ")).toBe(2);
  });
});

describe("a query and a search are narrowed", () => {
  test("they see only the events that fit", async () => {
    const query = ["query", "any where true", sample];
    const all = await tocsin(query);
    expect(all.stderr.trim()).toBe("408 matches in 408 events of 1 file");
    const some = await tocsin([...query, "--since", `${DAY}T09:12`, "--until", `${DAY}T09:12`]);
    const [, matches, events] = /(\d+) matches in (\d+) of 408 events \(since .* UTC\) of 1 file/.exec(some.stderr)!;
    expect(matches).toBe(events);
    expect(Number(matches)).toBeGreaterThan(0);
    const counted = await tocsin([
      "query",
      "--language",
      "esql",
      "from logs | stats n = count(*)",
      sample,
      "--csv",
      "--since",
      `${DAY}T09:12`,
      "--until",
      `${DAY}T09:12`,
    ]);
    expect(counted.stdout).toBe(`n\r\n${matches}\r\n`);
    const searched = await tocsin(["search", "psexesvc", sample, "--host", "ws01"]);
    expect(searched.stderr).toMatch(/^\d+ match(es)? in \d+ of 408 events \(host ws01\)/);
    const nothing = await tocsin(["search", "psexesvc", sample, "--host", "nowhere"]);
    expect(nothing.stderr).toContain("none of 408 events is host nowhere; the logs cover");
  });
});
