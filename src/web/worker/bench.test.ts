import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { HuntSummary, Progress } from "../protocol.ts";
import { Bench } from "./bench.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const folder = join(root, "detections", "T1021.002-smb-admin-shares");
const files = Object.fromEntries(
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [relative(folder, path), readFileSync(path, "utf8")]),
);
const lab = readFileSync(join(root, "samples", "lab.ndjson"));
const today = "2026-03-04";

/** A bench whose packages are loaded; `onProgress` receives its progress. */
function opened(onProgress: (progress: Progress) => void = () => {}): Bench {
  const bench = new Bench(onProgress);
  bench.open({ packages: [{ id: "T1021.002", files }], today });
  return bench;
}

describe("the worker's bench", () => {
  test("a package that cannot be loaded is reported with its place, and the others are there", () => {
    const bench = new Bench(() => {});
    const { packages, problems } = bench.open({
      packages: [
        { id: "T1021.002", files },
        { id: "X", files: { "package.yaml": "id: [" } },
      ],
      today,
    });
    expect(packages.map((p) => p.id)).toEqual(["T1021.002"]);
    expect(problems.some((p) => p.startsWith("X/package.yaml"))).toBe(true);
  });

  describe("a hunt in the lab log", () => {
    const bench = opened();
    let summary: HuntSummary;
    beforeAll(async () => {
      summary = await bench.hunt({ files: [{ name: "logs/lab.ndjson", file: new Blob([lab]) }] });
    });

    test("alerts, incidents, what was read", () => {
      expect(summary.input).toMatchObject({ files: 1, bytes: lab.length, errors: 0, aborted: false });
      expect(summary.events).toBe(408);
      expect(summary.incidents.length).toBe(2);
      const listed = summary.incidents.flatMap((i) => i.steps.flatMap((s) => [s.alert, ...s.repeats]));
      expect(new Set(listed.map(({ id }) => id))).toEqual(new Set(summary.alerts.map(({ id }) => id)));
    });

    test("each alert is explained, a sequence stage by stage", () => {
      for (const { id, rule } of summary.alerts) {
        const detail = bench.alert({ id })!;
        const { matches, stages } = detail.explanation!;
        expect([matches, stages.flatMap(({ conditions }) => conditions.map(({ outcome }) => outcome))], rule).toEqual([
          true,
          stages.flatMap(({ conditions }) => conditions.map(() => "true")),
        ]);
        expect(
          stages.some(({ conditions }) => conditions.length > 0),
          rule,
        ).toBe(true);
        expect(detail.events.length).toBeGreaterThan(0);
      }
      const c5 = summary.alerts.find((a) => a.rule.endsWith("/C5"))!;
      expect(bench.alert({ id: c5.id })!.explanation!.stages).toHaveLength(2);
      expect(bench.alert({ id: "no such alert" })).toBeNull();
    });

    test("exports: all, or those that are shown", async () => {
      const lines = (await bench.export({ format: "ndjson", ids: null }).text()).trim().split("\n");
      expect(lines).toHaveLength(summary.alerts.length);
      const one = (await bench.export({ format: "csv", ids: [summary.alerts[0]!.id] }).text()).trim().split("\r\n");
      expect(one).toHaveLength(2);
      expect(await bench.export({ format: "html", ids: null }).text()).toContain("Hunt report");
    });

    test("a query over the same files", async () => {
      const answer = await bench.query({ text: 'any where event.code == "5145" | count' });
      expect(answer).toMatchObject({ kind: "found", events: 408, counts: [{ key: "all" }] });
      expect(await bench.query({ text: "any where" })).toMatchObject({ kind: "refused" });
      const found = await bench.query({ text: 'process where process.name : "net.exe"' });
      expect(found).toMatchObject({ kind: "found", columns: ["process.name"] });
      if (found.kind === "found") expect(found.groups.every((g) => g.events[0]!.place.startsWith("logs/lab.ndjson:"))).toBe(true);
    });

    test("values of the files for completion", () => {
      const hosts = bench.values().find(({ field }) => field === "host.name")!.values;
      expect(hosts).toContain("SRV01.corp.example");
    });
  });

  test("a cancel ends the hunt at its next slice, with what there is", async () => {
    let bench: Bench | null = null;
    bench = opened(() => bench?.cancel());
    const large = new Blob(Array.from({ length: 30 }, () => lab));
    const summary = await bench.hunt({ files: [{ name: "large.ndjson", file: large }] });
    expect(summary.input.aborted).toBe(true);
    expect(summary.events).toBeGreaterThan(0);
    expect(summary.input.bytes).toBeLessThan(large.size);
  });

  test("a file that can no longer be read is a problem, and the next one is read", async () => {
    const gone = { size: 10, slice: () => ({ arrayBuffer: () => Promise.reject(new Error("gone")) }) } as unknown as Blob;
    const summary = await opened().hunt({
      files: [
        { name: "gone.evtx", file: gone },
        { name: "lab.ndjson", file: new Blob([lab]) },
      ],
    });
    expect(summary.input.problems).toMatchObject([{ place: "gone.evtx", severity: "error" }]);
    expect(summary.events).toBe(408);
  });
});

test("a folder that was dropped may hold what is no log; a file that was chosen may not", async () => {
  const png = new Blob([new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])]);
  const severities = async (name: string): Promise<string[]> => {
    const summary = await opened().hunt({ files: [{ name, file: png }] });
    return summary.input.problems.map(({ code, severity, place }) => `${place} ${code} ${severity}`);
  };
  expect(await severities("evidence/logo.png")).toEqual(["evidence/logo.png input/not-a-log warning"]);
  expect(await severities("logo.png")).toEqual(["logo.png input/not-a-log error"]);
});
