/**
 * What people type wrong, and what they are told: `goldens/mistakes.txt` has the command, the exit code, the first lines of standard
 * output and all of standard error. No mistake is answered by silence, and each message says what to do.
 */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeAll, expect, test } from "vitest";
import { capturedContext, tocsin } from "./testing/in-process.ts";
import { workFolder } from "./testing/work-folder.ts";
import { run } from "./run.ts";

const work = workFolder();

const EVENT = `${JSON.stringify({
  "@timestamp": "2026-03-04T08:00:00Z",
  event: { category: ["process"], type: ["start"], code: "1" },
  process: { name: "net.exe", command_line: "net use", pid: 4 },
  host: { name: "ws01" },
})}\n`;

/** A Sigma rule, with some of its lines replaced. */
function sigma(lines: { readonly [key: string]: string } = {}): string {
  const rule = {
    title: "title: Net",
    id: "id: 11111111-1111-4111-8111-111111111111",
    logsource: "logsource: { product: windows, category: process_creation }",
    detection: "detection:\n  selection: { Image|endswith: '\\net.exe' }\n  condition: selection",
    level: "level: low",
    ...lines,
  };
  return `${Object.values(rule).join("\n")}\n`;
}

beforeAll(() => {
  for (const folder of ["empty", "site/notes"]) mkdirSync(folder, { recursive: true });
  const files: { readonly [name: string]: string | Uint8Array } = {
    "log.ndjson": EVENT,
    "empty.ndjson": "",
    "foreign.ndjson": '{"colour":"red"}\n{"colour":"blue"}\n',
    "torn.ndjson": `${EVENT}{"event":{"category":"proc\n${EVENT}`,
    "cut.ndjson.gz": gzipSync(Buffer.from(EVENT.repeat(2000))).subarray(0, 60),
    "fake.evtx": "this is not an event log\n",
    "report.pdf": "%PDF-1.7\n1 0 obj\n",
    "tool.exe": Buffer.concat([Buffer.from("MZ"), Buffer.alloc(200)]),
    "texts/readme.txt": "nothing here\n",
    "site/notes/todo.txt": "mine\n",
    "query.eql": "process where true\n",
    "alerts.txt": "no alerts\n",
    "net.yml": sigma(),
    "two.yml": `${sigma()}---\n${sigma({ id: "id: 22222222-2222-4222-8222-222222222222", level: "level: high" })}`,
    "no-condition.yml": sigma({ detection: "detection:\n  selection: { Image: a }" }),
    "modifier.yml": sigma({ detection: "detection:\n  selection: { Image|endwith: a }\n  condition: selection" }),
    "selection.yml": sigma({ detection: "detection:\n  selection: { Image: a }\n  condition: selektion" }),
    "source.yml": sigma({ logsource: "logsource: { product: windows, category: proces_creation }" }),
    "tab.yml": sigma({ logsource: "logsource:\n\tproduct: windows" }),
    "twice.yml": sigma({ id: "title: Net once more" }),
    "rule.toml": "[rule]\nname = 'x\nquery = 'process where true'\n",
    "fields.yml": "- Image\n",
    "broken/package.yaml": "id: T1\n",
  };
  for (const [name, content] of Object.entries(files)) work.file(name, content);
});

type Mistake = readonly [what: string, args: readonly string[], stdin?: string];

const QUERY = 'process where process.name == "net.exe"';

const MISTAKES: readonly Mistake[] = [
  ["a command misspelt", ["hutn", "log.ndjson"]],
  ["no path", ["hunt"]],
  ["an option misspelt", ["hunt", "--jsn", "log.ndjson"]],
  ["--rules before the path takes it", ["hunt", "--rules", "net.yml", "log.ndjson"]],
  ["two forms at once", ["hunt", "--json", "--ndjson", "log.ndjson"]],
  ["an empty folder", ["hunt", "empty"]],
  ["a file with nothing in it", ["hunt", "empty.ndjson"]],
  ["nothing on standard input", ["hunt", "-"]],
  ["records of no known log source", ["hunt", "foreign.ndjson", "--rules", "net.yml"]],
  ["a file that is not there", ["hunt", "missing.evtx"]],
  ["a line of JSON torn", ["hunt", "torn.ndjson", "--rules", "net.yml"]],
  ["a gzip file cut off", ["hunt", "cut.ndjson.gz"]],
  ["an .evtx that is none", ["hunt", "fake.evtx"]],
  ["a PDF", ["hunt", "report.pdf"]],
  ["a program", ["hunt", "tool.exe"]],
  ["a folder without rules", ["hunt", "log.ndjson", "--rules", "texts"]],
  ["rules that are not there", ["hunt", "log.ndjson", "--rules", "missing"]],
  ["a package that is broken", ["hunt", "log.ndjson", "--rules", "broken"]],
  ["a Sigma rule without a condition", ["hunt", "log.ndjson", "--rules", "no-condition.yml"]],
  ["a modifier of Sigma misspelt", ["hunt", "log.ndjson", "--rules", "modifier.yml"]],
  ["a selection that is not there", ["hunt", "log.ndjson", "--rules", "selection.yml"]],
  ["a log source misspelt", ["hunt", "log.ndjson", "--rules", "source.yml"]],
  ["a tab in YAML", ["hunt", "log.ndjson", "--rules", "tab.yml"]],
  ["a key twice", ["hunt", "log.ndjson", "--rules", "twice.yml"]],
  ["TOML with an open text", ["hunt", "log.ndjson", "--rules", "rule.toml"]],
  ["a map of fields that is a list", ["hunt", "log.ndjson", "--rules", "net.yml", "--field-mapping", "fields.yml"]],
  ["a file for names of fields", ["hunt", "log.ndjson", "--fields", "fields.yml"]],
  ["a format that is none", ["hunt", "log.ndjson", "--format", "xlsx"]],
  ["an unknown severity", ["hunt", "--fail-on", "hihg", "log.ndjson"]],
  ["a time that is none", ["hunt", "--since", "yesterday", "log.ndjson"]],
  ["a span of time the wrong way round", ["hunt", "--since", "2026-03-05", "--until", "2026-03-04", "log.ndjson"]],
  ["a time zone that is none", ["hunt", "--timezone", "Mars/Base", "log.ndjson"]],
  ["a host that has no events", ["hunt", "--host", "ws99", "log.ndjson"]],
  ["a report to a folder", ["hunt", "--html", "empty", "log.ndjson"]],
  ["a report to a folder that is not there", ["hunt", "--html", "nowhere/report.html", "log.ndjson"]],
  ["a category misspelt", ["query", "proces where true", "log.ndjson"]],
  ["a field misspelt", ["query", 'process where process.nam == "net.exe"', "log.ndjson"]],
  ["wildcards of SQL", ["query", 'process where process.name : "%net%"', "log.ndjson"]],
  ["a wildcard in an exact comparison", ["query", 'process where process.name == "net*"', "log.ndjson"]],
  ["single quotes", ["query", "process where process.name == 'net.exe'", "log.ndjson"]],
  ["typographic quotes", ["query", "process where process.name == “net.exe”", "log.ndjson"]],
  ["one equals sign", ["query", 'process where process.name = "net.exe"', "log.ndjson"]],
  ["no condition", ["query", "process where", "log.ndjson"]],
  ["a regular expression left open", ["query", 'process where process.name regex "net(.exe"', "log.ndjson"]],
  ["a query in KQL", ["query", 'process.name : "net.exe" and event.code : 1', "log.ndjson"]],
  ["a query in SPL", ["query", "index=main EventCode=1 | stats count by host", "log.ndjson"]],
  ["a query in SQL", ["query", "SELECT * FROM logs WHERE process_name = 1", "log.ndjson"]],
  ["a query in ES|QL", ["query", "from logs | limit 1", "log.ndjson"]],
  ["a query in Kusto's KQL", ["query", 'DeviceProcessEvents | where FileName == "net.exe"', "log.ndjson"]],
  ["a language that is none", ["query", "--language", "spl", "x", "log.ndjson"]],
  ["query and log the wrong way round", ["query", "log.ndjson", QUERY]],
  ["a file for a query", ["query", "query.eql", "log.ndjson"]],
  ["a file of a query that is not there", ["query", "@missing.eql", "log.ndjson"]],
  ["no log", ["query", QUERY]],
  ["a search for nothing", ["search", "", "log.ndjson"]],
  ["an expression left open", ["search", "/ne(t/", "log.ndjson"]],
  ["a log to lint", ["lint", "log.ndjson"]],
  ["a finding that is none", ["lint", "--explain", "NOPE"]],
  ["rules without a case", ["prove", "net.yml"]],
  ["an unknown rule", ["explain", "B99", "log.ndjson", "--rules", "net.yml"]],
  ["a name that several rules have", ["explain", "Net", "log.ndjson", "--rules", "two.yml"]],
  ["a file of several rules to explain", ["explain", "two.yml", "log.ndjson"]],
  ["an id and no log", ["explain", "B1"]],
  ["a log that is no alerts", ["tune", "alerts.txt"]],
  ["an unknown platform", ["translate", "net.yml", "--to", "splnk"]],
  ["no platform", ["translate", "net.yml"]],
  ["a log to translate", ["translate", "log.ndjson", "--to", "esql"]],
  ["several platforms and no folder", ["translate", "net.yml", "--to", "esql,splunk"]],
  ["an unknown form", ["convert", "log.ndjson", "--to", "xlsx"]],
  ["no form", ["convert", "log.ndjson"]],
  ["a Sigma file to lay out", ["fmt", "net.yml"]],
  ["a package that is none", ["new", "rule", "texts", "B1"]],
  ["an event that is not there", ["record", "net.yml", "--from", "log.ndjson", "--record", "999"]],
  ["an impossible port", ["serve", "--port", "99999"]],
  ["a site over something else", ["site", "site"]],
  ["a shell that is not known", ["completion", "ksh"]],
];

/** Lines of standard output that are shown, and characters of a line. */
const HEAD = 3;
const WIDTH = 200;

function shown(args: readonly string[]): string {
  const quoted = (arg: string): string => (arg.includes("'") ? `"${arg}"` : `'${arg}'`);
  return args.map((arg) => (arg === "" || /[^\w./@,-]/.test(arg) ? quoted(arg) : arg)).join(" ");
}

function lines(text: string, prefix: string, most = Infinity): string[] {
  const all = text
    .replaceAll(work.path, ".")
    .replaceAll(/\bin \d+(?:\.\d+)? m?s\b/g, "in N ms")
    .trimEnd()
    .split("\n");
  return all
    .filter((line) => line !== "")
    .slice(0, most)
    .map((line) => `${prefix} ${line.length > WIDTH ? `${line.slice(0, WIDTH)}…` : line}`);
}

test("each has a message that says what to do", async () => {
  const golden = new URL("goldens/mistakes.txt", import.meta.url);
  const answers: string[] = [];
  for (const [what, args, stdin] of MISTAKES) {
    const { stdout, stderr, status } = await tocsin(args, stdin === undefined ? [] : [new TextEncoder().encode(stdin)]);
    expect(status, what).not.toBe(70);
    // Not silence, and no words of the machine's.
    expect(stderr, what).toMatch(/\b(?:error|warning|note|help)\b/);
    expect(stderr, what).not.toMatch(/\bENOENT|\bEACCES|\n {4}at |undefined|\[object/);
    if (status === 2) expect(stderr, what).toMatch(/help: |\^/);
    answers.push(
      [`## ${what}`, `$ tocsin ${shown(args)}`, `exit ${status}`, ...lines(stdout, "|", HEAD), ...lines(stderr, "!")].join("\n"),
    );
  }
  expect(MISTAKES.length).toBeGreaterThanOrEqual(45);
  const text = `${answers.join("\n\n")}\n`;
  if (process.env["UPDATE"] !== undefined) writeFileSync(golden, text);
  expect(text).toBe(readFileSync(golden, "utf8"));
});

test.skipIf(process.platform === "win32" || process.getuid?.() === 0)("a log that may not be read is named", async () => {
  const file = work.file("secret.ndjson", EVENT);
  chmodSync(file, 0o000);
  const { stderr, status } = await tocsin(["hunt", "secret.ndjson"]);
  expect(status).toBe(4);
  expect(stderr).toMatch(/^secret\.ndjson: error: .*permission/i);
});

test("a terminal in the place of a log gets a message that it waits for typing", async () => {
  const { context, printed } = capturedContext();
  await run(["hunt", "-"], { ...context, stdin: Object.assign(context.stdin, { isTTY: true }) });
  expect(printed.err).toContain("note: `-` is standard input, which is the terminal: end what you type with Ctrl-D");
});

test("a port in use gives way to the next", async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  const address = taken.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  try {
    const { stdout, status } = await tocsin(["serve", join(work.path, "log.ndjson"), "--port", String(port)]);
    expect(status).toBe(0);
    expect(stdout).toMatch(new RegExp(`Port ${port} is taken\\. Serving on http://127\\.0\\.0\\.1:\\d+ until interrupted`));
  } finally {
    taken.close();
  }
});

test("a Sigma file is linted, and explained by its name", async () => {
  expect((await tocsin(["lint", "net.yml"])).stdout).toContain("1 rule: 0 errors");
  const explained = await tocsin(["explain", "net.yml", "log.ndjson"]);
  expect(explained.status).toBe(0);
  expect(explained.stdout).toContain("Net");
});
