import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadPackage } from "./load.ts";
import { placeText } from "../../eql/index.ts";

const folder = join(import.meta.dirname, "../../../detections/T1021.002-smb-admin-shares");

function shipped(): Map<string, string> {
  const files = new Map<string, string>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(relative(folder, path).split(sep).join("/"), readFileSync(path, "utf8"));
  }
  return files;
}

const whole = shipped();

/** The problems of the shipped package with one file changed, as `place code message`. */
function problemsWith(file: string, change: (text: string) => string, today = "2026-11-24"): string[] {
  const files = new Map(whole);
  const before = files.get(file) ?? "";
  const after = change(before);
  if (after === before) throw new Error(`nothing changed in ${file}`);
  files.set(file, after);
  const { problems } = loadPackage(files, { today });
  return problems.map((p) => `${placeText(p.place)} ${p.code} ${p.message}${p.help === null ? "" : ` (${p.help})`}`);
}

/** 1-based line of the first line that begins with `start`. */
function lineOf(file: string, start: string): number {
  return (
    whole
      .get(file)!
      .split("\n")
      .findIndex((line) => line.startsWith(start)) + 1
  );
}

describe("the shipped package", () => {
  test("loads without a problem", () => {
    const { package: detection, problems } = loadPackage(whole, { today: "2026-11-24" });
    expect(problems).toEqual([]);
    expect(detection?.rules.map((rule) => rule.id).join(" ")).toBe(
      "A1 A2 B1 B2 B3 B4 B5 B6 B7 B8 B9 C1 C2 C3 C4 C5 C6 C7 C8 C9 C10 C11 C12 C13 C14 C15 C16 C17 D1 D2",
    );
  });

  test("without its cases, which only proving needs, it is the same but for them", () => {
    const files = new Map(whole).set("cases/broken/case.yaml", "kind: [");
    expect(loadPackage(files).package).toBeNull();
    const { package: detection, problems } = loadPackage(files, { cases: false });
    expect(problems).toEqual([]);
    const { cases, rules, ...rest } = loadPackage(whole).package!;
    expect(cases.length).toBeGreaterThan(100);
    expect(detection).toMatchObject({ id: rest.id, meta: rest.meta, tuning: rest.tuning, guide: rest.guide, cases: [] });
    expect(detection!.rules.map(({ tree }) => tree)).toEqual(rules.map(({ tree }) => tree));
  });

  const page = join(import.meta.dirname, "../../../../shared/spec/seed_page.txt");
  test.skipIf(!existsSync(page))("A1 is the page's query, byte for byte", () => {
    const query = loadPackage(whole).package!.rules[0]!.query;
    expect(readFileSync(page, "utf8")).toContain(`eql\n${query}\nhigh severity high confidence`);
  });
});

describe("problems at their place", () => {
  test("an unknown key, with what was meant", () => {
    const line = lineOf("rules/B1.yaml", "severity:");
    expect(problemsWith("rules/B1.yaml", (t) => t.replace("\nseverity:", "\nseverty:"))).toEqual([
      `rules/B1.yaml:${line}:1 package/unknown-key Unknown key 'severty' (Did you mean \`severity\`?)`,
    ]);
  });

  test("an unknown key deep inside a list", () => {
    const [problem] = problemsWith("rules/B1.yaml", (t) => t.replace("    audit:", "    audti:").replace("    audit:", "    audit:"));
    expect(problem).toContain("package/missing-key Missing key 'audit' in data_sources[1]");
  });

  test("a value that is none of the allowed ones", () => {
    expect(problemsWith("rules/B1.yaml", (t) => t.replace("\nseverity: medium", "\nseverity: mediun"))).toEqual([
      `rules/B1.yaml:${lineOf("rules/B1.yaml", "severity:")}:11 package/bad-value severity must be one of low, medium, high, critical (Did you mean \`medium\`?)`,
    ]);
  });

  test("a syntax error in a query is shown in the YAML file", () => {
    const line = lineOf("rules/B1.yaml", "  process where");
    const [problem] = problemsWith("rules/B1.yaml", (t) => t.replace('process.args : "use" and', "process.args : and"));
    expect(problem).toMatch(new RegExp(String.raw`^rules/B1\.yaml:${line + 2}:\d+ eql/`));
    const column = Number(problem!.split(":")[2]!.split(" ")[0]);
    const written = whole.get("rules/B1.yaml")!.split("\n");
    expect(written[line + 1]!.slice(0, column - 1)).toBe("    process.args : ");
  });

  test("a query that parses and cannot be run is refused, at its place", () => {
    const line = lineOf("rules/B1.yaml", "  process where");
    expect(problemsWith("rules/B1.yaml", (t) => t.replace('process.args : "use" and', "lenght(process.args) > 3 and"))[0]).toMatch(
      new RegExp(String.raw`^rules/B1\.yaml:${line + 2}:5 eql/unknown-function `),
    );
  });

  test("the same with Windows line ends", () => {
    const line = lineOf("rules/B1.yaml", "  process where");
    const [problem] = problemsWith("rules/B1.yaml", (t) =>
      t.replace('process.args : "use" and', "process.args : and").replaceAll("\n", "\r\n"),
    );
    expect(problem).toMatch(new RegExp(String.raw`^rules/B1\.yaml:${line + 2}:20 eql/`));
  });

  test("a query that is not a literal block", () => {
    expect(problemsWith("rules/B5.yaml", (t) => t.replace("query: |-", "query: >-"))[0]).toContain(
      "package/query-style The query must be a literal block",
    );
  });

  test("one changed letter in the published query", () => {
    expect(problemsWith("rules/A1.yaml", (t) => t.replace('"psexec.exe"', '"psexec2.exe"'))[0]).toContain(
      "package/query-changed The query is not what",
    );
  });

  test("a rule whose file has another name", () => {
    expect(problemsWith("rules/B1.yaml", (t) => t.replace("id: B1", "id: B7")).join("\n")).toContain(
      "rules/B1.yaml:1:5 package/bad-value id 'B7' is in a file named 'B1.yaml'",
    );
  });

  test("references to what is not there", () => {
    expect(
      problemsWith("rules/B1.yaml", (t) => t.replace("exception: netuse-inventory-script", "exception: netuse-inventory-scrip"))[0],
    ).toContain("There is no exception 'netuse-inventory-scrip' (Did you mean `netuse-inventory-script`?)");
    expect(problemsWith("rules/B1.yaml", (t) => t.replace("tests: [T1]", "tests: [T9]"))[0]).toContain("There is no test 'T9'");
    expect(problemsWith("cases/dc-sysvol-replication/case.yaml", (t) => t.replace("  - C14", "  - C99"))[0]).toContain(
      "There is no rule 'C99'",
    );
  });

  test("an exception that names nothing, and one that has expired", () => {
    expect(problemsWith("tuning.yaml", (t) => t.replace("'ccmsetup\\*'", "'*'"))[0]).toContain(
      "package/broad-exception '*' matches anything",
    );
    expect(problemsWith("tuning.yaml", (t) => t.replace("'ccmsetup\\*'", "10.0.0.0/99"))[0]).toContain(
      "package/bad-value '10.0.0.0/99' is no block of addresses",
    );
    expect(
      problemsWith("tuning.yaml", (t) =>
        t.replace("created: '2026-11-24'\n    expires: '2027-05-31'", "created: '2026-11-24'\n    expires: '2026-11-23'"),
      ),
    ).toEqual([expect.stringContaining("package/expired-exception Exception 'sccm-push-files' expired on 2026-11-23")]);
    expect(problemsWith("tuning.yaml", (t) => t.replace("    account:\n", "    acount:\n")).join("\n")).toContain(
      "Did you mean `account`?",
    );
  });

  test("a missing file, an empty one, a stray one", () => {
    const files = new Map(whole);
    files.delete("package.yaml");
    files.set("guide.md", " \n");
    files.set("tunning.yaml", "x: 1");
    expect(loadPackage(files).problems.map((p) => p.message)).toEqual(
      expect.arrayContaining(["The package has no package.yaml", "guide.md is empty", "The file belongs to nothing"]),
    );
  });
});

describe("what it takes to run", () => {
  const least = {
    "package.yaml": "id: T1105\ntitle: Ingress Tool Transfer\n",
    "rules/R1.yaml": 'id: R1\nname: A tool\nquery: |-\n  process where process.name : "tool.exe"\n',
  };

  test("an id, a title; an id, a name, a query: the rest has defaults", () => {
    const { package: detection, problems } = loadPackage(least);
    expect(problems).toEqual([]);
    expect(detection).toMatchObject({
      keys: ["id", "title"],
      files: ["package.yaml", "rules/R1.yaml"],
      meta: { version: "0.1.0", severity: "medium", confidence: "low", data_sources: [] },
      tests: { tests: [] },
      tuning: { lab_loopback: false, exceptions: [] },
      guide: "",
      cases: [],
    });
    expect(detection!.rules[0]).toMatchObject({
      keys: ["id", "name", "query"],
      kind: "detection",
      severity: "medium",
      lifecycle: { status: "experimental" },
      fields: { required: [], optional: [] },
    });
  });

  test("the identities that are worked out are UUIDs, each rule's own, and the same each time", () => {
    const more = { ...least, "rules/R2.yaml": least["rules/R1.yaml"].replace("R1", "R2") };
    const { rules, meta } = loadPackage(more).package!;
    const ids = [meta.uuid, ...rules.map((rule) => rule.uuid)];
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(loadPackage(more).package!.rules.map((rule) => rule.uuid)).toEqual(ids.slice(1));
  });

  test.each(["id", "title"])("package.yaml without %s", (key) => {
    const text = least["package.yaml"].replace(new RegExp(`^${key}:.*\n`, "m"), "");
    expect(loadPackage({ ...least, "package.yaml": text }).problems.map((p) => p.message)).toContain(`Missing key '${key}'`);
  });

  test.each(["id", "name", "query"])("a rule without %s", (key) => {
    const text = least["rules/R1.yaml"].replace(new RegExp(`^${key}:.*\n(?: .*\n)*`, "m"), "");
    expect(loadPackage({ ...least, "rules/R1.yaml": text }).problems.map((p) => p.message)).toContain(`Missing key '${key}'`);
  });
});

describe("hostile text", () => {
  test.each([
    ["aliases", "a: &a [1]\nb: *a\n", "Anchors and aliases are not used in packages"],
    ["deep nesting", `a: ${"[".repeat(60)}${"]".repeat(60)}\n`, "The file is nested too deeply"],
    ["very deep nesting", "[".repeat(100_000), ""],
    ["a map as a key", "? {a: 1}\n: 2\n", "A key must be plain text"],
    ["a key twice", "id: B1\nid: B1\n", "Map keys must be unique"],
    ["a huge file", `id: ${"x".repeat(600_000)}`, "The file is larger than 512 KiB"],
    ["a tab", "id:\n\t- x\n", ""],
  ])("%s", (_, text, message) => {
    const files = new Map(whole);
    files.set("rules/B1.yaml", text);
    const { package: detection, problems } = loadPackage(files);
    expect(detection).toBeNull();
    expect(problems.some((p) => p.place.file === "rules/B1.yaml" && p.message.includes(message))).toBe(true);
  });

  test("__proto__ is a key like any other: unknown", () => {
    const problems = problemsWith("rules/B1.yaml", (t) => `__proto__:\n  polluted: yes\n${t}`);
    expect(problems.join("\n")).toContain("Unknown key '__proto__'");
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test("nothing throws, whatever stands in a file", () => {
    const names = ["package.yaml", "rules/B1.yaml", "tests.yaml", "tuning.yaml", "cases/x/case.yaml", "hunts/H1.yaml"];
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom(
        "id: B1\n",
        "query: |-\n  any where",
        "- ",
        "? ",
        "!!binary x\n",
        "{",
        "[",
        "|\n",
        "'",
        "&a ",
        "*a ",
        "<<: ",
        "%YAML 9.9\n---\n",
      ),
    );
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.array(piece, { maxLength: 8 }), (file, pieces) => {
        const { package: detection, problems } = loadPackage({ [file]: pieces.join("") });
        expect(detection).toBeNull();
        expect(problems.every((p) => p.place.line >= 1 && p.place.column >= 1)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe("queries that would load and never alert", () => {
  const withQuery = (query: string): string[] =>
    problemsWith("rules/C11.yaml", (text) => text.replace(/^query: \|-\n(?: .*\n)+/m, `query: |-\n  ${query}\n`)).filter((problem) =>
      problem.startsWith("rules/C11.yaml"),
    );

  test("a rule that ends in a table", () => {
    expect(withQuery("any where true | count host.id").join("\n")).toMatch(
      /rules\/C11\.yaml:\d+:\d+ package\/bad-value A rule may not count/,
    );
    expect(withQuery("any where true | unique host.id").join("\n")).not.toMatch(/may not count/);
  });

  test("a value that the field's type in ECS never holds", () => {
    expect(withQuery('any where @timestamp > "yesterday"').join("\n")).toMatch(/eql\/bad-date/);
    expect(withQuery('any where source.ip == "ten"').join("\n")).toMatch(/eql\/bad-ip/);
  });
});
