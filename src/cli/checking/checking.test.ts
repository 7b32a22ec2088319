import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { sarifFaults } from "../../report/testing/sarif-faults.ts";
import { tocsin } from "../testing/in-process.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const here = process.cwd();
const hasGit = spawnSync("git", ["--version"]).status === 0;

let folder = "";
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "tocsin-checking-")));
  for (const id of ["T1105", "T1570"]) {
    write(`packs/${id}/package.yaml`, `id: ${id}\ntitle: ${id}\n`);
    write(`packs/${id}/rules/R1.yaml`, `id: R1\nname: A tool\nquery: |-\n  process where process.name : "tool.exe"\n`);
    for (const [name, program] of [
      ["attack", "tool.exe"],
      ["ordinary", "notepad.exe"],
    ] as const) {
      const fires = name === "attack" ? "[R1]" : "[]";
      const silent = name === "attack" ? "[]" : "[R1]";
      const kind = name === "attack" ? "positive" : "negative";
      write(
        `packs/${id}/cases/${name}/case.yaml`,
        `title: ${name}\nsynthetic: true\nkind: ${kind}\nevents: events.ndjson\nfires: ${fires}\nsilent: ${silent}\n`,
      );
      write(`packs/${id}/cases/${name}/events.ndjson`, `${JSON.stringify(event(program))}\n`);
    }
  }
  for (const name of ["one", "two"]) {
    write(`loose/${name}.eql`, 'process where process.name : "tool.exe"\n');
    write(`loose/${name}.cases.yaml`, `- name: ${name}\n  log: logs/${name}.ndjson\n  expect: 1\n`);
    write(`loose/logs/${name}.ndjson`, `${JSON.stringify(event("tool.exe"))}\n`);
  }
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(here);
  rmSync(folder, { recursive: true, force: true });
});

const event = (name: string): object => ({
  "@timestamp": "2026-01-15T09:30:00Z",
  event: { category: ["process"], type: ["start"] },
  process: { name },
});

function write(path: string, text: string): void {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  writeFileSync(join(folder, path), text);
}

const read = (path: string): string => readFileSync(join(folder, path), "utf8");

function git(...args: string[]): void {
  const author = ["-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false", "-c", "core.hooksPath=/dev/null"];
  execFileSync("git", [...author, ...args], { cwd: folder, stdio: "pipe" });
}

function repository(): void {
  git("init", "--quiet", "--initial-branch=main");
  git("add", ".");
  git("commit", "--quiet", "-m", "all");
}

interface Sarif {
  readonly runs: readonly [
    {
      readonly results: readonly {
        readonly ruleId: string;
        readonly message: { readonly text: string };
        readonly locations: readonly [
          { readonly physicalLocation: { readonly artifactLocation: { readonly uri: string }; readonly region: object } },
        ];
        readonly relatedLocations?: readonly object[];
      }[];
    },
  ];
}

function results(path: string): Sarif["runs"][0]["results"] {
  expect(sarifFaults(read(path))).toEqual([]);
  return (JSON.parse(read(path)) as Sarif).runs[0].results;
}

describe("SARIF", () => {
  test("of lint: the place in the rule's file, of packages and of others", async () => {
    write("packs/T1105/rules/R1.yaml", 'id: R1\nname: A tool\nquery: |-\n  process where\n    procss.name : "tool.exe"\n');
    write("loose/one.eql", 'process where event.type == "start" and procss.name : "tool.exe"\n');
    const { status } = await tocsin(["lint", "packs", "loose", "--sarif", "out/lint.sarif"]);
    expect(status).toBe(1);
    const places = results("out/lint.sarif")
      .filter(({ ruleId }) => ruleId === "unknown-field")
      .map(({ locations: [{ physicalLocation }] }) => [physicalLocation.artifactLocation.uri, physicalLocation.region]);
    expect(places).toContainEqual(["packs/T1105/rules/R1.yaml", { startLine: 5, startColumn: 5 }]);
    expect(places).toContainEqual(["loose/one.eql", { startLine: 1, startColumn: 41 }]);
  });

  test("of prove: a case that fails, with the rule's query beside it; a claim; a file that is broken", async () => {
    write("packs/T1105/rules/R1.yaml", 'id: R1\nname: A tool\nquery: |-\n  process where process.name : "other.exe"\n');
    write("packs/T1570/rules/R1.yaml", "id: R1\nname: A tool\nquery: |-\n  process where (\n");
    write("loose/two.cases.yaml", "- name: two\n  log: logs/two.ndjson\n  expect: 5\n");
    const { status } = await tocsin(["prove", "packs", "loose", "--sarif", "prove.sarif"]);
    expect(status).toBe(2);
    const found = results("prove.sarif").map(({ ruleId, locations: [{ physicalLocation }], relatedLocations }) => [
      ruleId,
      physicalLocation.artifactLocation.uri,
      relatedLocations?.length ?? 0,
    ]);
    expect(found).toContainEqual(["prove/case-failed", "packs/T1105/cases/attack/case.yaml", 1]);
    expect(found).toContainEqual(["claim/no-case", "packs/T1105/rules/R1.yaml", 0]);
    expect(found).toContainEqual(["prove/case-failed", "loose/two.cases.yaml", 0]);
    expect(found.some(([code, file]) => String(code).startsWith("eql/") && file === "packs/T1570/rules/R1.yaml")).toBe(true);
  });
});

test("a package among other rules that cannot be used ends the command, and is a finding", async () => {
  write("packs/T1570/rules/R1.yaml", "id: R1\nname: A tool\nquery: |-\n  process where (\n");
  const { status } = await tocsin(["lint", ".", "--sarif", "lint.sarif"]);
  expect(status).toBe(2);
  expect(results("lint.sarif").map(({ locations: [{ physicalLocation }] }) => physicalLocation.artifactLocation.uri)).toContain(
    "packs/T1570/rules/R1.yaml",
  );
});

test("JUnit: one file with a suite for each package and one for the others", async () => {
  await tocsin(["prove", "packs", "loose", "--junit", "out/junit.xml"]);
  const xml = read("out/junit.xml");
  expect([...xml.matchAll(/<testsuite name="([^"]+)" tests="(\d)"/g)].map((match) => match.slice(1))).toEqual([
    ["T1105", "2"],
    ["T1570", "2"],
    ["rules", "2"],
  ]);
  expect(xml).toMatch(/^<\?xml[^\n]*\n<testsuites tests="6" failures="0"/);
  expect(xml).toContain('file="packs/T1105/cases/attack/case.yaml"');
});

describe("annotations", () => {
  test("GitHub's stand after the report, GitLab's in its place", async () => {
    write("packs/T1105/rules/R1.yaml", 'id: R1\nname: A tool\nquery: |-\n  process where procss.name : "x.exe"\n');
    const github = await tocsin(["lint", "packs/T1105", "--annotations", "github"]);
    expect(github.stdout).toMatch(
      /Level: runs[\s\S]*\n::error file=packs\/T1105\/rules\/R1.yaml,line=4,col=17,title=unknown-field::R1: procss\.name is not/,
    );
    const gitlab = await tocsin(["lint", "packs/T1105", "--annotations", "gitlab"]);
    expect(JSON.parse(gitlab.stdout)).toContainEqual(expect.objectContaining({ check_name: "unknown-field", severity: "major" }));
    expect(gitlab.status).toBe(1);
  });

  test("with what does not go together", async () => {
    expect((await tocsin(["lint", "packs", "--json", "--annotations", "gitlab"])).stderr).toContain("exclude each other");
    expect((await tocsin(["lint", "packs", "--annotations", "jenkins"])).status).toBe(2);
  });
});

describe.skipIf(!hasGit)("--changed", () => {
  const proved = async (...args: string[]): Promise<string[]> => {
    const { stdout, status, stderr } = await tocsin(["prove", "packs", "loose", "--json", "--changed", ...args]);
    expect([status, stderr]).toEqual([0, ""]);
    const all = JSON.parse(stdout) as readonly { readonly detection?: string; readonly cases: readonly { readonly case: string }[] }[];
    return all.flatMap(({ detection, cases }) => detection ?? cases.map((one) => one.case));
  };

  test("nothing, then what was written, removed or added", async () => {
    repository();
    expect(await proved()).toEqual([]);
    expect((await tocsin(["prove", "packs", "--changed"])).stdout).toBe("No case has changed since HEAD.\n");
    write("packs/T1570/CHANGELOG.md", "# New\n");
    expect(await proved()).toEqual(["T1570"]);
    rmSync(join(folder, "packs/T1105/cases/ordinary"), { recursive: true });
    expect(await proved()).toEqual(["T1105", "T1570"]);
  });

  test.each(["loose/two.eql", "loose/two.cases.yaml", "loose/logs/two.ndjson"])("a rule of no package by %s", async (file) => {
    repository();
    write(file, file.endsWith(".ndjson") ? `${read(file).trimEnd()} \n` : `${read(file)}\n`);
    expect(await proved()).toEqual(["two"]);
  });

  test("lint looks at rules that have changed alone", async () => {
    repository();
    write("loose/one.eql", 'process where process.nme : "tool.exe"\n');
    const { stdout } = await tocsin(["lint", "loose", "--changed"]);
    expect(stdout).toContain("loose/one.eql:1:15");
    expect(stdout).toContain("1 rule:");
    expect((await tocsin(["lint", "packs", "--changed"])).stdout).toBe("No package has changed since HEAD.\n");
  });

  test("against a branch: what was done since they parted, not what the other did", async () => {
    repository();
    git("switch", "--quiet", "-c", "work");
    write("packs/T1570/CHANGELOG.md", "# Ours\n");
    git("add", ".");
    git("commit", "--quiet", "-m", "ours");
    git("switch", "--quiet", "main");
    write("packs/T1105/CHANGELOG.md", "# Theirs\n");
    git("add", ".");
    git("commit", "--quiet", "-m", "theirs");
    git("switch", "--quiet", "work");
    expect(await proved()).toEqual([]);
    expect(await proved("main")).toEqual(["T1570"]);
  });

  test("what it cannot compare is an error with a reason", async () => {
    const none = await tocsin(["lint", "packs", "--changed"]);
    expect(none.stderr).toContain("is not in a git checkout");
    expect(none.status).toBe(2);
    repository();
    expect((await tocsin(["lint", "packs", "--changed", "nowhere"])).stderr).toContain("nowhere is no commit, branch or tag");
    // An option of git's is a name like any other.
    expect((await tocsin(["lint", "packs", "--changed=--output=x"])).stderr).toContain("--output=x is no commit, branch or tag");
    expect(existsSync(join(folder, "x"))).toBe(false);
  });
});

interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  readonly runs: {
    readonly using: string;
    readonly steps: readonly {
      readonly name: string;
      readonly shell: string;
      readonly run: string;
      readonly env: Readonly<Record<string, string>>;
    }[];
  };
}

describe("what others take of the project", () => {
  const action = parse(readFileSync(join(root, "action.yml"), "utf8")) as Action;

  test("no input of the action becomes part of a script", () => {
    expect(action.runs.using).toBe("composite");
    for (const { run, env } of action.runs.steps) {
      expect(run).not.toContain("${{");
      for (const value of Object.values(env)) expect(Object.keys(action.inputs)).toContain(/^\$\{\{ inputs\.(\w+) \}\}$/.exec(value)?.[1]);
    }
  });

  test.skipIf(process.platform === "win32" || !hasGit)(
    "its steps run, on what has changed and on everything",
    () => {
      repository();
      write("packs/T1570/CHANGELOG.md", "# New\n");
      for (const [changed, suites] of [
        ["", ["T1105", "T1570"]],
        ["HEAD", ["T1570"]],
      ] as const) {
        const inputs = new Map(Object.entries(action.inputs).map(([name, input]) => [name, input.default]));
        inputs.set("path", "packs").set("changed", changed).set("reports", "my reports");
        for (const { run, env } of action.runs.steps) {
          const given = Object.entries(env).map(([name, value]) => [name, inputs.get(/inputs\.(\w+)/.exec(value)![1]!)!] as const);
          const { status, stderr } = spawnSync("bash", ["-e", "-o", "pipefail", "-c", run], {
            cwd: folder,
            // npm, which runs the tests, would say where it was started.
            env: { ...process.env, INIT_CWD: undefined, ...Object.fromEntries(given), GITHUB_ACTION_PATH: root },
            encoding: "utf8",
          });
          expect(status, stderr).toBe(0);
        }
        expect([...read("my reports/junit.xml").matchAll(/<testsuite name="([^"]+)"/g)].map((match) => match[1])).toEqual(suites);
        for (const name of ["lint", "prove"]) expect(sarifFaults(read(`my reports/${name}.sarif`))).toEqual([]);
      }
    },
    60_000,
  );

  test.skipIf(!hasGit)("the hooks of pre-commit are commands that run", async () => {
    repository();
    write("packs/T1570/CHANGELOG.md", "# New\n");
    const hooks = parse(readFileSync(join(root, ".pre-commit-hooks.yaml"), "utf8")) as readonly {
      readonly id: string;
      readonly entry: string;
      readonly args: readonly string[];
      readonly files: string;
    }[];
    expect(hooks.map(({ id }) => id)).toEqual(["tocsin-lint", "tocsin-prove"]);
    for (const { entry, args, files } of hooks) {
      const [program, ...rest] = entry.split(" ");
      expect(program).toBe("tocsin");
      const { status, stdout } = await tocsin([...rest, ...args]);
      expect(status).toBe(0);
      expect(stdout).toContain("T1570");
      expect(stdout).not.toContain("T1105");
      expect("packs/T1570/rules/R1.yaml").toMatch(new RegExp(files));
    }
    // docs/ci.md names them.
    for (const { id } of hooks) expect(readFileSync(join(root, "docs", "ci.md"), "utf8")).toContain(`- id: ${id}\n`);
  });
});
