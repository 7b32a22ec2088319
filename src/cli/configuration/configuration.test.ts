import { chmodSync, chownSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { tocsin as run, type CommandResult } from "../testing/in-process.ts";
import { workFolder } from "../testing/work-folder.ts";
import { findConfiguration } from "./find.ts";

const RULE = (title: string, name: string): string =>
  `title: ${title}\nid: 0b5ad0a5-6c26-4a6e-9c1b-${name}00000000\nlevel: high\nlogsource:\n  product: windows\n  category: process_creation\ndetection:\n  selection:\n    Image|endswith: '\\${name}.exe'\n  condition: selection\n`;
const EVENT = {
  "@timestamp": "2026-03-04T09:00:00Z",
  EventID: 1,
  Channel: "Microsoft-Windows-Sysmon/Operational",
  Image: "C:\\a\\calc.exe",
};

const work = workFolder();
let projects = 0;

/** A project with rules, logs and a configuration in the folder above them. */
function project(configuration: string): { readonly folder: string; readonly run: (...args: string[]) => Promise<CommandResult> } {
  const folder = join(work.path, `project${projects++}`);
  mkdirSync(join(folder, "rules"), { recursive: true });
  mkdirSync(join(folder, "logs"));
  writeFileSync(join(folder, "rules", "calc.yml"), RULE("Calculator", "calc"));
  writeFileSync(join(folder, "other.yml"), RULE("Notes", "note"));
  writeFileSync(join(folder, "logs", "events.ndjson"), `${JSON.stringify(EVENT)}\n`);
  const file = join(folder, "tocsin.yaml");
  writeFileSync(file, configuration);
  return { folder, run: (...args) => run(args, [], { file, userFile: join(folder, "user.yaml"), foreign: [] }) };
}

const ruleNames = ({ stdout }: CommandResult): string[] =>
  (JSON.parse(stdout) as { rules: { name: string }[] }).rules.map(({ name }) => name);

describe("the configuration gives defaults", () => {
  test("of paths and options, and says so", async () => {
    const { run } = project("rules: rules\nlogs: [logs]\nhunt:\n  fail-on: high\n");
    const hunted = await run("hunt", "--json");
    expect(ruleNames(hunted)).toEqual(["Calculator"]);
    expect(hunted.stderr).toMatch(/^note: rules, fail-on, logs from .*tocsin\.yaml$/m);
    expect(hunted.status).toBe(1);
  });

  test("of a time zone, too", async () => {
    const { run } = project("rules: rules\nlogs: [logs]\ntimezone: Asia/Tokyo\n");
    expect((await run("hunt")).stdout).toContain("time (Asia/Tokyo)");
    expect((await run("hunt", "--timezone", "UTC")).stdout).toContain("time (UTC)");
  });

  test("which the command line replaces, lists too", async () => {
    const { run, folder } = project("rules: [rules]\nlogs: [logs]\nfail-on: high\n");
    const hunted = await run("hunt", join(folder, "logs"), "--rules", join(folder, "other.yml"), "--fail-on", "critical", "--json");
    expect(ruleNames(hunted)).toEqual(["Notes"]);
    expect(hunted.stderr).not.toContain("note:");
    expect(hunted.status).toBe(0);
  });

  test("a command's own before those of all", async () => {
    const { run } = project("rules: rules\nlogs: logs\nfail-on: high\nhunt:\n  fail-on: critical\n");
    expect((await run("hunt", "--json")).status).toBe(0);
  });

  test("of the form, which a short form on the command line replaces", async () => {
    const { run } = project("rules: rules\nlogs: logs\nhunt:\n  format: csv\n  fields: [time, title]\n");
    expect((await run("hunt")).stdout).toMatch(/^time,title\r\n.*Calculator/);
    const json = await run("hunt", "--json");
    expect(ruleNames(json)).toEqual(["Calculator"]);
    expect(json.stderr).toMatch(/^note: rules, fields, logs from /);
  });

  test("of the rules that are linted", async () => {
    const { run } = project("rules: rules\n");
    expect((await run("lint")).stderr).toContain("note: rules from");
    expect((await run("lint")).stdout).toContain("1 rule");
  });
});

test.each([
  ["rules: [a\n", ":2:1: "],
  ["ruls: a\n", ":1:1: there is no setting ruls"],
  ["hunt:\n  html: a.html\n", ":2:3: there is no setting html"],
  ["carve: 3\n", ":1:8: carve is neither true nor false"],
  ["rules:\n  - {a: b}\n", ":2:3: rules is not a text or a list of texts"],
  ["- rules\n", ":1:1: the configuration is not a map"],
])("%j is refused with its place, before anything runs", async (text, message) => {
  const { run } = project(text);
  const { status, stderr, stdout } = await run("hunt", "logs");
  expect(stderr).toContain(`tocsin.yaml${message}`);
  expect([status, stdout]).toEqual([2, ""]);
});

describe("the file is found", () => {
  const folder = join(work.path, "found");
  const below = join(folder, "a", "b");
  mkdirSync(below, { recursive: true });
  const env = { XDG_CONFIG_HOME: join(folder, "home"), APPDATA: join(folder, "home") };
  const own = join(folder, "home", "tocsin", "tocsin.yaml");

  test("upwards, then as the user's own", () => {
    expect(findConfiguration(below, env)).toEqual({ file: null, userFile: own, foreign: [] });
    mkdirSync(join(folder, "home", "tocsin"), { recursive: true });
    writeFileSync(own, "");
    expect(findConfiguration(below, env).file).toBe(own);
    writeFileSync(join(folder, "a", "tocsin.yaml"), "");
    expect(findConfiguration(below, env).file).toBe(join(folder, "a", "tocsin.yaml"));
  });

  test("where TOCSIN_CONFIG says", () => {
    expect(findConfiguration(below, { ...env, TOCSIN_CONFIG: "x.yaml" }).file).toBe(join(below, "x.yaml"));
    expect(findConfiguration(below, { ...env, TOCSIN_CONFIG: "" }).file).toBeNull();
  });

  test.skipIf(process.getuid?.() !== 0)("but not where somebody else could have written it (needs root to try)", () => {
    const foreign = join(below, "tocsin.yaml");
    writeFileSync(foreign, "rules: [nothing]\n");
    chownSync(foreign, 12345, 12345);
    chmodSync(foreign, 0o644);
    expect(findConfiguration(below, env)).toMatchObject({ file: join(folder, "a", "tocsin.yaml"), foreign: [foreign] });
  });
});

describe("tocsin rules", () => {
  test("adds and removes paths, and keeps the rest of the file", async () => {
    const { run, folder } = project("# ours\nrules:\n  - bundled # shipped\nfail-on: high # at night\n");
    const added = await run("rules", "add", join(folder, "rules"), join(folder, "rules"));
    expect(added.stdout).toContain("1 rule");
    const file = join(folder, "tocsin.yaml");
    expect(readFileSync(file, "utf8")).toBe("# ours\nrules:\n  - bundled # shipped\n  - rules\nfail-on: high # at night\n");
    expect((await run("rules")).stdout).toMatch(/bundled .* \d+ +0\n.*rules +1 +0/);
    await run("rules", "remove", "bundled");
    expect(readFileSync(file, "utf8")).toBe("# ours\nrules:\n  - rules\nfail-on: high # at night\n");
    expect(ruleNames(await run("hunt", join(folder, "logs"), "--json"))).toEqual(["Calculator"]);
  });

  test("refuses what is not there or holds no rule", async () => {
    const { run, folder } = project("");
    expect(await run("rules", "add", join(folder, "nowhere"))).toMatchObject({ status: 2 });
    expect((await run("rules", "add", join(folder, "logs"))).stderr).toContain("no rule in there that can be run");
    expect((await run("rules", "remove", join(folder, "logs"))).stderr).toContain("is not in");
    expect(readFileSync(join(folder, "tocsin.yaml"), "utf8")).toBe("");
  });

  test("a missing file is made, with the bundled packages in it", async () => {
    const { folder } = project("");
    const userFile = join(folder, "new", "tocsin.yaml");
    await run(["rules", "add", join(folder, "rules")], [], { file: null, userFile, foreign: [] });
    expect(readFileSync(userFile, "utf8")).toBe("rules:\n  - bundled\n  - ../rules\n");
  });
});
