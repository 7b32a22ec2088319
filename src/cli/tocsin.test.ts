import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { tocsin } from "./testing/in-process.ts";
import { workFolder } from "./testing/work-folder.ts";

const root = join(import.meta.dirname, "..", "..");
const sample = join(root, "samples", "lab.ndjson");
const { path: folder, file } = workFolder();

const START = JSON.stringify({
  "@timestamp": "2026-01-01T00:00:00Z",
  event: { category: ["process"], type: ["start"] },
  process: { name: "PsExec.exe" },
  host: { name: "a" },
});

describe("hunt", () => {
  test("prints incidents, what each rule saw, and ends with 0", async () => {
    const run = await tocsin(["hunt", sample]);
    expect(run.stderr).toBe("");
    expect(run.stdout).toContain("Incident 1 of");
    expect(run.stdout).toMatch(/T1021\.002\/A1 +medium +\d+ +\d+ +The published query/);
    expect(run.status).toBe(0);
  });

  test("the published query catches tests 1 and 3, and neither 2 nor 4", async () => {
    const { alerts } = JSON.parse((await tocsin(["hunt", "--json", sample])).stdout) as {
      alerts: { rule: { id: string }; tocsin: { what: string } }[];
    };
    const seen = alerts.filter((alert) => alert.rule.id === "T1021.002/A1").map((alert) => alert.tocsin.what);
    expect(seen.some((what) => what.includes(String.raw`use \\10.10.30.12\C$`))).toBe(true);
    expect(seen.some((what) => what.includes("PsExec.exe"))).toBe(true);
    expect(seen.some((what) => /\bcopy\b|\bview\b/.test(what))).toBe(false);
  });

  test("--json is one document with alerts, counts and problems", async () => {
    const run = await tocsin(["hunt", "--json", sample, file("bad.ndjson", `${START}\nnot json\n`)]);
    const document = JSON.parse(run.stdout) as {
      alerts: { event: { kind: string; severity: number } }[];
      rules: unknown[];
      counts: { events: number };
      problems: { code: string; place: { line: number } }[];
    };
    expect(document.counts.events).toBe(409);
    expect(document.rules.length).toBe(30);
    expect(document.alerts.every((alert) => alert.event.kind === "signal")).toBe(true);
    expect(document.problems).toMatchObject([{ code: "json/bad-line", place: { line: 2 } }]);
    expect(run.status).toBe(4);
  });

  test("--ndjson is one ECS alert a line, with the place of its events", async () => {
    const lines = (await tocsin(["hunt", "--ndjson", file("one.ndjson", `\n${START}\n`)])).stdout.trim().split("\n");
    const alert = JSON.parse(lines[0]!) as Record<string, never>;
    expect(alert).toMatchObject({
      event: { kind: "signal", severity: 47 },
      rule: { id: "T1021.002/A1" },
      threat: { framework: "MITRE ATT&CK", tactic: { id: ["TA0008"] }, technique: { id: ["T1021"], subtechnique: { id: ["T1021.002"] } } },
      tocsin: { events: [{ line: 2 }] },
    });
  });

  test("--fail-on ends with 1 when an alert is as severe", async () => {
    expect((await tocsin(["hunt", "--fail-on", "high", sample])).status).toBe(1);
    expect((await tocsin(["hunt", "--fail-on", "critical", sample])).status).toBe(0);
    const wrong = await tocsin(["hunt", "--fail-on", "huge", sample]);
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toContain("no such severity");
  });

  test("standard input", async () => {
    const run = await tocsin(["hunt", "--json", "-"], [readFileSync(sample)]);
    expect((JSON.parse(run.stdout) as { counts: { events: number } }).counts.events).toBe(408);
  });
});

describe("bad input: one clear message with its place, no crash, the right exit code", () => {
  test("a truncated gzip: what was readable still comes out", async () => {
    const path = file("cut.ndjson.gz", gzipSync(`${START}\n`.repeat(20_000)));
    truncateSync(path, 300);
    const run = await tocsin(["query", "any where true", path]);
    expect(run.stderr).toMatch(/cut\.ndjson\.gz.*error: .*\[gzip\/truncated\]/);
    expect(run.status).toBe(4);
  });

  test("a zip with ../ names writes nothing and says so", async () => {
    const path = file("up.zip", zipSync({ "../../evil.ndjson": new TextEncoder().encode(`${START}\n`) }));
    const run = await tocsin(["query", "any where true", path]);
    expect(run.stderr).toMatch(/up\.zip/);
    expect(run.stderr).toContain("[archive/unsafe-name]");
    expect(run.stdout + run.stderr).not.toContain("defect of tocsin");
  });

  test("a single line of 200 MB is one problem, and the next line is read", async () => {
    const path = join(folder, "long.ndjson");
    const { open } = await import("node:fs/promises");
    const out = await open(path, "w");
    const mega = "x".repeat(1 << 20);
    await out.write('{"a":"');
    for (let i = 0; i < 200; i++) await out.write(mega);
    await out.write(`"}\n${START}\n`);
    await out.close();
    const run = await tocsin(["query", "--ndjson", "any where true", path]);
    expect(run.stderr.match(/error:/g)?.length).toBe(1);
    expect(run.stderr).toMatch(/long\.ndjson:1/);
    expect(run.stdout.trim().split("\n")).toHaveLength(1);
    expect(run.status).toBe(4);
    rmSync(path);
  }, 60_000);

  test("invalid UTF-8 is a warning, and the record is read", async () => {
    const run = await tocsin([
      "query",
      "--ndjson",
      "any where true",
      file("latin.ndjson", Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff]), Buffer.from(`"}\n${START}\n`)])),
    ]);
    expect(run.stderr).toMatch(/latin\.ndjson:1: warning:/);
    expect(run.stdout.trim().split("\n")).toHaveLength(2);
    expect(run.status).toBe(0);
  });

  test("a folder with a FIFO does not hang", async () => {
    file("fifo/a.ndjson", `${START}\n`);
    execFileSync("mkfifo", [join(folder, "fifo", "pipe")]);
    const run = await tocsin(["query", "--ndjson", "any where true", join(folder, "fifo")]);
    expect(run.stderr).toMatch(/fifo\/pipe/);
    expect(run.stdout.trim().split("\n")).toHaveLength(1);
  });

  test("a missing file", async () => {
    const run = await tocsin(["hunt", "nowhere.ndjson"]);
    expect(run.stderr).toMatch(/nowhere\.ndjson: error:/);
    expect(run.status).toBe(4);
  });

  test("a rule with a syntax error is named with file, line and column, and nothing is hunted", async () => {
    const from = join(root, "detections", "T1021.002-smb-admin-shares");
    cpSync(from, join(folder, "broken"), { recursive: true });
    const rule = join(folder, "broken", "rules", "B1.yaml");
    writeFileSync(rule, readFileSync(rule, "utf8").replace("process.args :", "process.args ="));
    const run = await tocsin(["hunt", "--rules", "broken", "--", sample]);
    expect(run.stderr).toMatch(/broken\/rules\/B1\.yaml:\d+:\d+: error: .*`=` is not an operator/);
    expect(run.status).toBe(2);
    expect(run.stdout).toBe("");
  });

  test("logs behind --rules are taken for rules, which is reported", async () => {
    const run = await tocsin(["hunt", "--rules", "a", sample]);
    expect(run.stderr).toContain("write the logs before it");
    expect(run.status).toBe(2);
  });

  test("an unknown command or option", async () => {
    expect((await tocsin(["hunnt", sample])).status).toBe(2);
    expect((await tocsin(["hunnt", sample])).stderr).toContain("hunt");
    expect((await tocsin(["hunt", "--jsn", sample])).status).toBe(2);
    expect((await tocsin(["query", "process where", sample])).status).toBe(2);
  });
});

describe("other commands", () => {
  test("query --json answers in the shape of _eql/search", async () => {
    const run = await tocsin([
      "query",
      "--json",
      "--size",
      "2",
      'process where process.name : "net*.exe" and process.args : "use"',
      sample,
    ]);
    const answer = JSON.parse(run.stdout) as {
      hits: { total: { value: number; relation: string }; events: { _id: string; _source: { process: { name: string } } }[] };
    };
    expect(answer.hits.total.relation).toBe("eq");
    expect(answer.hits.events).toHaveLength(2);
    expect(answer.hits.events.every((event) => event._source.process.name === "net.exe" && event._id !== "")).toBe(true);
  });

  test("query finds a sequence across files, whatever their order", async () => {
    const at = (second: number, name: string): string =>
      JSON.stringify({
        "@timestamp": `2026-01-01T00:00:0${second}Z`,
        event: { category: "process" },
        host: { id: "h" },
        process: { name },
      });
    const late = file("seq/a.ndjson", at(2, "b"));
    const early = file("seq/b.ndjson", at(1, "a"));
    const run = await tocsin([
      "query",
      "--json",
      'sequence by host.id with maxspan=5s [process where process.name == "a"] [process where process.name == "b"]',
      late,
      early,
    ]);
    const { hits } = JSON.parse(run.stdout) as { hits: { sequences: { join_keys: unknown[]; events: { _index: string }[] }[] } };
    expect(hits.sequences).toHaveLength(1);
    expect(hits.sequences[0]!.join_keys).toEqual(["h"]);
    expect(hits.sequences[0]!.events.map((event) => event._index.slice(-8))).toEqual(["b.ndjson", "a.ndjson"]);
  });

  test("query prints what counting pipes count, in each form", async () => {
    const path = file(
      "count.ndjson",
      ["a", "b", "a"]
        .map((name, i) => `${JSON.stringify({ "@timestamp": i, event: { category: "process" }, process: { name } })}\n`)
        .join(""),
    );
    const query = async (pipes: string, ...flags: string[]): Promise<string> =>
      (await tocsin(["query", "--profile", "tocsin", `process where true ${pipes}`, path, ...flags])).stdout;
    expect(await query("| count process.name")).toBe("count   share  value\n    1  33.3 %  b\n    2  66.7 %  a\n");
    expect((await query("| count process.name", "--ndjson")).split("\n").slice(0, 2)).toEqual([
      '{"count":1,"key":["b"],"percent":0.3333333333333333}',
      '{"count":2,"key":["a"],"percent":0.6666666666666666}',
    ]);
    expect(await query("| count")).toBe("count    share\n    3  100.0 %\n");
    expect(await query("| unique_count process.name")).toMatch(/^count   share  time.*\n    2  66\.7 %  .*\n    1  33\.3 %  /);
  });

  test("a file that is no field mapping is an error", async () => {
    const run = await tocsin(["query", "any where true", sample, "--mapping", file("no-mapping.json", '{"a": 1}')]);
    expect(run.stderr).toContain("no-mapping.json is no mapping of fields");
    expect(run.status).toBe(2);
  });

  test("the slot of a missing event is shown in a table and is no event of --ndjson", async () => {
    const path = file(
      "missing.ndjson",
      ["process", "network"].map((category, i) => `${JSON.stringify({ "@timestamp": i, event: { category } })}\n`).join(""),
    );
    const query = "sequence with maxspan=1m [process where true] ![file where true] [network where true]";
    expect((await tocsin(["query", query, path])).stdout).toContain("(missing)");
    const lines = (await tocsin(["query", query, path, "--ndjson"])).stdout.trim().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { "@timestamp": number })["@timestamp"])).toEqual([0, 1]);
  });

  test("an empty file that was named is reported", async () => {
    const run = await tocsin(["query", "any where true", file("empty.evtx", "")]);
    expect(run.stderr).toContain("[input/empty]");
    expect(run.status).toBe(0);
    const cut = await tocsin(["query", "any where true", file("empty.ndjson.gz", gzipSync(START).subarray(0, 12))]);
    expect(cut.stderr).toContain("[gzip/truncated]");
    expect(cut.stderr).not.toContain("[input/empty]");
  });

  test("inspect says which rules can see anything, and does not fill the screen with files", async () => {
    const start = { "@timestamp": "2026-01-01T00:00:00Z", event: { code: "5145", kind: "event" }, host: { name: "A" } };
    const winlog = { channel: "Security", event_id: "5145", provider_name: "Microsoft-Windows-Security-Auditing", record_id: 1 };
    for (let i = 0; i < 120; i++) file(`inspected/${i}.ndjson`, `${JSON.stringify({ ...start, winlog })}\n`);
    const run = await tocsin(["inspect", join(folder, "inspected")]);
    expect(run.stdout).toContain("... and 20 more files");
    expect(run.stdout).toMatch(/C1 +all +0 /);
    expect(run.stdout).toMatch(/B1 +nothing +0 .*sysmon 1, security 4688/);
    const { files, rules } = JSON.parse((await tocsin(["inspect", "--json", join(folder, "inspected")])).stdout) as {
      files: unknown[];
      rules: { rule: string; sees: string }[];
    };
    expect(files).toHaveLength(120);
    expect(rules.find(({ rule }) => rule === "T1021.002/C1")).toMatchObject({ sees: "all", missing: [] });
  });

  test("fmt reads what editors on Windows write", async () => {
    expect((await tocsin(["fmt", file("bom.eql", "\ufeffprocess where true\r\n")])).stdout).toBe("process where true\n");
  });

  test("prove holds the bundled package", async () => {
    const run = await tocsin(["prove", "--junit", "out/junit.xml"]);
    expect(run.stdout).toContain("The package holds.");
    expect(run.status).toBe(0);
    expect(readFileSync(join(folder, "out", "junit.xml"), "utf8")).toMatch(/^<\?xml.*<testsuite/s);
  });

  test("explain says what was seen", async () => {
    const run = await tocsin(["explain", "B1", sample]);
    expect(run.stdout).toContain("Matches");
    expect(run.stdout).toContain("(process.args is [");
    const missing = await tocsin(["explain", "Z9", sample]);
    expect(missing.status).toBe(2);
    expect(missing.stderr).toContain("T1021.002/A1");
  });

  test("convert --to ecs gives a document a record, in the order of the input", async () => {
    const lines = (await tocsin(["convert", "--to", "ecs", sample])).stdout.trim().split("\n");
    expect(lines).toHaveLength(408);
    expect(Object.keys(JSON.parse(lines[0]!) as object)).toContain("event");
  });

  test("fmt prints the canonical layout, --check tells whether it is", async () => {
    const path = file("q.eql", "process   where a==1 // why");
    expect((await tocsin(["fmt", path])).stdout).toBe("process where\n  a == 1\n// why\n");
    expect((await tocsin(["fmt", "--check", path])).status).toBe(1);
    expect((await tocsin(["fmt", "--write", path])).status).toBe(0);
    expect((await tocsin(["fmt", "--check", path])).status).toBe(0);
  });
});
