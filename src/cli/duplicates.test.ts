import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { tocsin } from "./testing/in-process.ts";
import { workFolder } from "./testing/work-folder.ts";

const { file } = workFolder();
const event = (n: number): string =>
  JSON.stringify({
    "@timestamp": `2026-03-04T08:00:0${n}.000Z`,
    event: { category: ["process"], code: "1" },
    host: { name: "ws01" },
    process: { name: "net.exe", pid: n },
  });
const one = file("case/one.ndjson", `${[1, 2, 3].map(event).join("\n")}\n`);
const two = file("case/two.ndjson", `${[2, 3, 4].map(event).join("\n")}\n`);
const rule = file("net.eql", 'process where process.name == "net.exe"\n');

interface HuntJson {
  readonly alerts: readonly { readonly event: { readonly id: string } }[];
  readonly counts: { readonly events: number; readonly duplicates: unknown };
}
const hunt = async (...args: readonly string[]): Promise<HuntJson> =>
  JSON.parse((await tocsin(["hunt", ...args, "--json", "--rules", rule])).stdout) as HuntJson;

describe("events that were read before", () => {
  test("make one alert, and --keep-duplicates makes each its own", async () => {
    const { alerts, counts } = await hunt(one, two);
    expect(alerts.length).toBe(4);
    expect(counts).toMatchObject({ events: 4, duplicates: { events: 2, files: [{ file: two, of: one, events: 2 }] } });
    const kept = await hunt(one, two, "--keep-duplicates");
    expect(kept.alerts.length).toBe(6);
    expect(kept.counts).toMatchObject({ events: 6, duplicates: null });
  });

  test("are counted in the text, on stderr and in the report", async () => {
    const run = await tocsin(["hunt", one, two, "--rules", rule]);
    const text = `2 events were read before and counted once (2 in ${two} of ${one})`;
    expect(run.stdout).toContain(`Copies: ${text}`);
    expect(run.stderr).toContain(`note: ${text} (--keep-duplicates counts all)`);
    expect(run.status).toBe(0);
  });

  test.each([
    ["query", 'process where process.name == "net.exe"'],
    ["query", 'from logs | where process.name == "net.exe"', "--language", "esql"],
    ["search", "net.exe"],
  ])("are answered once by %s %s %s", async (command, question, ...options) => {
    const ask = async (...more: readonly string[]): Promise<number> =>
      (await tocsin([command, question, one, two, "--ndjson", ...options, ...more])).stdout.trim().split("\n").length;
    expect(await ask()).toBe(4);
    expect(await ask("--keep-duplicates")).toBe(6);
  });

  test("are listed by inspect", async () => {
    const { stdout } = await tocsin(["inspect", one, two]);
    expect(stdout).toMatch(/^4 events in 2 files/);
    expect(stdout).toMatch(/Copies: .*\n.*\n +2  \S*two\.ndjson  \S*one\.ndjson/);
  });
});

const baseline = fileURLToPath(new URL("../../../shared/data/windows11-baseline/", import.meta.url));
test.skipIf(!existsSync(baseline))(
  "EVTX and its XML together give the alerts of one (needs ../shared/data/windows11-baseline)",
  async () => {
    const logons = file("logons.eql", 'any where event.code in ("4624", "4798")\n');
    const alerts = async (...names: readonly string[]): Promise<string[]> => {
      const { stdout } = await tocsin(["hunt", ...names.map((name) => `${baseline}${name}`), "--json", "--rules", logons]);
      return (JSON.parse(stdout) as HuntJson).alerts.map(({ event }) => event.id);
    };
    const both = await alerts("Security.evtx", "Security.xml");
    expect(both).toEqual(await alerts("Security.evtx"));
    expect(both).toEqual(await alerts("Security.xml"));
    expect(new Set(both).size).toBeGreaterThan(100);
  },
  120_000,
);
