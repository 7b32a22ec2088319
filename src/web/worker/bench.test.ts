import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { ExceptionDraft, HuntSummary, Progress, QueryAnswer, QueryAsk } from "../protocol.ts";
import { ReadPanel } from "../page/read-panel.ts";
import { installDom } from "../testing/dom.ts";
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
      expect(summary.list.incidents.length).toBe(2);
      // Every alert is in an act of its incident, and each act has as many as it says.
      const { alerts, incidents } = summary.list;
      const counts = incidents.map(({ acts }, i) =>
        acts.map((_, a) => alerts.filter(({ incident, act }) => incident === i && act === a).length),
      );
      expect(counts).toEqual(incidents.map(({ acts }) => acts.map((act) => act.alerts)));
      expect(counts.flat().reduce((sum, n) => sum + n, 0)).toBe(alerts.length);
    });

    test("each alert is explained, a sequence stage by stage", () => {
      for (const { id, rule } of summary.list.alerts) {
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
      const c5 = summary.list.alerts.find((a) => a.rule.endsWith("/C5"))!;
      expect(bench.alert({ id: c5.id })!.explanation!.stages).toHaveLength(2);
      expect(bench.alert({ id: "no such alert" })).toBeNull();
    });

    test("exports: all, or those that are shown", async () => {
      const lines = (await bench.export({ format: "ndjson", ids: null }).text()).trim().split("\n");
      expect(lines).toHaveLength(summary.list.alerts.length);
      const one = (await bench.export({ format: "csv", ids: [summary.list.alerts[0]!.id] }).text()).trim().split("\r\n");
      expect(one).toHaveLength(2);
      expect(await bench.export({ format: "html", ids: null }).text()).toContain("Hunt report");
    });

    const ask = (text: string, language: QueryAsk["language"] = "eql", countBy: readonly string[] = []): Promise<QueryAnswer> =>
      bench.query({ text, language, countBy });

    test("a query over the same files leaves the hunt as it is", async () => {
      expect(await ask('any where event.code == "5145" | count')).toMatchObject({ kind: "rows", events: 408, rows: [["all", "42"]] });
      expect(await ask("any where")).toMatchObject({ kind: "refused" });
      const found = await ask('process where process.name : "net.exe"');
      expect(found).toMatchObject({ kind: "found", columns: ["process.name"], doubts: [] });
      if (found.kind === "found") expect(found.groups.every((g) => g.events[0]!.place.startsWith("logs/lab.ndjson:"))).toBe(true);
      expect(bench.alert({ id: summary.list.alerts[0]!.id })).not.toBeNull();
    });

    test("the same in every language", async () => {
      for (const [language, text] of [
        ["eql", 'any where event.code == "5145"'],
        ["kql", "event.code: 5145"],
        ["lucene", "event.code:5145"],
      ] as const)
        expect(await ask(text, language), language).toMatchObject({ kind: "found", total: 42, doubts: [] });
      const rows = await ask('from logs | where event.code == "5145" | stats n = count(*) by host.name', "esql");
      expect(rows).toMatchObject({ kind: "rows", total: 1, rows: [["42", "SRV01.corp.example"]], doubts: [] });
      expect(rows.kind === "rows" && rows.columns).toEqual([
        { name: "n", isNumber: true },
        { name: "host.name", isNumber: false },
      ]);
    });

    test("matching events are counted by fields", async () => {
      const counted = await ask("event.code: 5145", "kql", ["user.name", "no.such"]);
      expect(counted).toMatchObject({ kind: "rows", noun: "value", doubts: ["No event has the field `no.such`."] });
      if (counted.kind === "rows") {
        expect(counted.columns.map(({ name }) => name)).toEqual(["user.name", "no.such", "events"]);
        expect(counted.rows.reduce((sum, row) => sum + Number(row[2]), 0)).toBe(42);
      }
      expect(await ask("any where true | head 1", "eql", ["host.name"])).toMatchObject({ kind: "refused" });
    });

    test("a field that no event has is said beside the result, and what was meant", async () => {
      for (const [language, text] of [
        ["eql", 'process where process.nmae == "net.exe"'],
        ["kql", "process.nmae: net.exe"],
        ["lucene", "process.nmae:net.exe"],
        ["esql", 'from logs | where process.nmae == "net.exe"'],
      ] as const) {
        const answer = await ask(text, language);
        expect(answer, language).toMatchObject({ total: 0, doubts: [expect.stringMatching(/process\.nmae.*process\.name/s) as string] });
      }
      expect(await ask("process where ours.of_no_schema == 1")).toMatchObject({ doubts: ["No event has the field `ours.of_no_schema`."] });
    });

    test("a query in another language is recognised", async () => {
      expect(await ask("from logs | stats n = count(*)")).toMatchObject({ kind: "refused", looksLike: { language: "esql" } });
    });

    test("results are saved whole, as CSV and as JSON a line", async () => {
      await ask("event.code: 5145", "kql");
      const csv = await bench.exportQuery({ format: "csv" }).text();
      expect(csv.split("\r\n").length).toBe(44);
      expect(csv).toMatch(/^time,host,event,place\r\n2026-/);
      const lines = (await bench.exportQuery({ format: "ndjson" }).text()).trim().split("\n");
      expect(lines.map((line) => (JSON.parse(line) as { event: { code: string } }).event.code)).toEqual(
        Array.from({ length: 42 }, () => "5145"),
      );
      await ask('sequence by host.name [any where event.code == "5145"] [process where true]');
      const [sequence] = (await bench.exportQuery({ format: "ndjson" }).text()).split("\n");
      expect(JSON.parse(sequence!)).toMatchObject({ join_keys: ["SRV01.corp.example"], events: [{}, {}] });
      expect(await bench.exportQuery({ format: "csv" }).text()).toMatch(/\r\n1,2026.*\r\n1,2026/);
      await ask("any where");
      expect(bench.exportQuery({ format: "csv" }).size).toBe(0);
    });

    test("the exception for an alert is as narrow as the alert: the first false one of the lab hides no attack", () => {
      const first = summary.list.alerts.find(({ what }) => what.includes("SQLSVC$"))!;
      const proposed = bench.propose({ id: first.id });
      expect(proposed).toMatchObject({ kind: "package", problems: [] });
      if (proposed?.kind !== "package") return;
      const { source, account, artefact } = proposed.parts;
      expect([source.length, account.length, artefact.map(({ field }) => field)]).toEqual([
        1,
        1,
        ["process.hash.sha256", "process.executable", "process.command_line", "process.parent.executable"],
      ]);
      const is = (part: readonly { field: string; value: string }[]): ExceptionDraft["source"] =>
        part.map((one) => ({ ...one, operator: "is" as const }));
      const draft = { rules: [first.rule], title: "t", owner: "o", reason: "r", expires: "2026-06-01" };
      const { cases } = bench.tune({ draft: { ...draft, source: is(source), account: is(account), artefact: is(artefact) } });
      expect(cases.filter(({ kind }) => kind !== "negative")).toEqual([]);
      // The program alone, which the page began with before, hides attacks.
      const wide = bench.tune({ draft: { ...draft, source: is(source), account: is(account), artefact: is(artefact.slice(1, 2)) } });
      expect(wide.cases.filter(({ kind }) => kind !== "negative").length).toBeGreaterThan(1);
      const attack = summary.list.alerts.find(({ rule }) => rule.endsWith("/B3"))!;
      expect(bench.propose({ id: attack.id })).toMatchObject({
        kind: "package",
        problems: expect.arrayContaining([expect.stringContaining("B3")]) as string[],
      });
      expect(bench.propose({ id: "no such alert" })).toBeNull();
    });

    test("values of the files for completion", () => {
      const hosts = bench.values().find(({ field }) => field === "host.name")!.values;
      expect(hosts).toContain("SRV01.corp.example");
    });
  });

  test("records of a kind that nothing maps are counted: then not everything was read in full", async () => {
    const record = {
      winlog: { channel: "Some-Vendor/Operational", provider_name: "Some-Vendor", event_id: "7", computer_name: "ws01" },
      "@timestamp": "2026-03-04T09:00:00Z",
    };
    const file = new Blob([`${JSON.stringify(record)}\n`]);
    const summary = await opened().hunt({ files: [{ name: "x.ndjson", file }] });
    expect([summary.events, summary.unmapped, summary.input.errors]).toEqual([1, 1, 0]);
    const dom = installDom();
    try {
      const panel = new ReadPanel();
      panel.show(summary, []);
      expect(panel.element.textContent).toContain("1 record is of a kind that is not mapped to ECS");
      expect(panel.element.textContent).not.toContain("everything was read");
    } finally {
      dom.uninstall();
    }
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

describe("rules that are given to the page", () => {
  const SIGMA = `title: Net use
id: 0f0c1d0a-53b9-4c8b-9a39-1c1c8d8a2b12
logsource: { product: windows, category: process_creation }
detection:
  selection:
    Image|endswith: '\\net.exe'
  condition: selection
level: low
`;
  const TOML = `[rule]
rule_id = "4f0d86e5-9d0a-4d3c-8a4d-0c7d5d8f0a01"
name = "net, as KQL"
type = "query"
language = "kuery"
severity = "medium"
risk_score = 47
query = 'process.name:net.exe'
`;
  const KIBANA = `${JSON.stringify({ rule_id: "k1", name: "net, as EQL", type: "eql", language: "eql", query: 'process where process.name : "net.exe"', severity: "low", risk_score: 21 })}\n`;
  const given = (texts: Record<string, string>): { name: string; file: Blob }[] =>
    Object.entries(texts).map(([name, text]) => ({ name, file: new Blob([text]) }));

  test("are known from logs by their content, whatever they lie beside", async () => {
    const files = given({
      "lab.ndjson": lab.toString("utf8"),
      "net.yml": SIGMA,
      "net.toml": TOML,
      "export.ndjson": KIBANA,
      "q.eql": "process where true",
      "notes.yaml": "a: b\n",
      "pack/package.yaml": "id: x\n",
      "pack/cases/a/events.ndjson": "{}\n",
    });
    expect(await opened().ruleFiles({ files })).toEqual([false, true, true, true, true, false, true, true]);
  });

  test("join the hunt, and their faults are listed with the place", async () => {
    const bench = opened();
    const files = given({
      "net.yml": SIGMA,
      "net.toml": TOML,
      "export.ndjson": KIBANA,
      "net.eql": 'process where process.name : "net.exe"',
      "bad.yml": SIGMA.replace("condition: selection", "condition: nothing"),
    });
    const added = await bench.setRules({ files });
    expect(added.rules.map(({ name }) => name).sort()).toEqual(["Net use", "net", "net, as EQL", "net, as KQL"]);
    expect(added.problems).toMatchObject([{ severity: "error", place: expect.stringMatching(/^bad\.yml:\d+:\d+$/) as string }]);
    const logs = { files: [{ name: "lab.ndjson", file: new Blob([lab]) }] };
    const summary = await bench.hunt(logs);
    const own = summary.list.alerts.filter(({ rule }) => !rule.startsWith("T1021.002/"));
    expect(new Set(own.map(({ rule }) => rule)).size).toBe(4);
    const sigma = own.find(({ title }) => title === "Net use")!;
    expect(bench.alert({ id: sigma.id })).not.toBeNull();
    expect(bench.propose({ id: sigma.id })).toMatchObject({
      kind: "rule",
      file: "net-use.filter.yml",
      text: expect.stringContaining("filter:") as string,
    });
    await bench.setRules({ files: [] });
    expect((await bench.hunt(logs)).list.alerts.every(({ rule }) => rule.startsWith("T1021.002/"))).toBe(true);
  });
});
