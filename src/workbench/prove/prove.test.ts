import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { describe, expect, test } from "vitest";
import { loadPackage, type Detection } from "../../catalog/index.ts";
import { createNormaliser } from "../../ecs/index.ts";
import { parse, search, type EventDocument } from "../../eql/index.ts";
import { openInput } from "../../readers/index.ts";
import { junit, proofReport } from "../../report/index.ts";
import { prove, type Proof } from "./prove.ts";

const root = join(import.meta.dirname, "../../..");
const TODAY = "2026-11-24";

const files = new Map<string, string>();
const folder = join(root, "detections/T1021.002-smb-admin-shares");
for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const path = join(entry.parentPath, entry.name);
  files.set(relative(folder, path).split(sep).join("/"), readFileSync(path, "utf8"));
}

function load(changes: Record<string, (text: string) => string> = {}): Detection {
  const changed = new Map(files);
  for (const [file, change] of Object.entries(changes)) {
    const after = change(files.get(file)!);
    if (after === files.get(file)) throw new Error(`nothing changed in ${file}`);
    changed.set(file, after);
  }
  const { package: detection, problems } = loadPackage(changed, { today: TODAY });
  expect(problems).toEqual([]);
  return detection!;
}

const run = (changes: Record<string, (text: string) => string> = {}, only?: string): Proof =>
  prove(load(changes), { today: TODAY, ...(only === undefined ? {} : { only }) });
const failed = (proof: Proof): string[] => proofReport(proof).filter((line) => !/^(T\d|ART\d| {2}(remote|loopback)|$)/.test(line));

describe("the shipped package", () => {
  const proof = run();

  test("holds: every case, every claim", () => {
    expect(proofReport(proof).filter((line) => line.startsWith("FAILED") || line.startsWith("error"))).toEqual([]);
    expect(proof.holds).toBe(true);
    expect(proof.claims).toEqual([]);
  });

  test("every test of the page is caught on the source and on the target; the published query alone catches two", () => {
    const measured = proof.coverage.tests.filter((t) => /^T\d$/.test(t.test)).map((t) => [t.test, t.source.join(" "), t.target.join(" ")]);
    expect(measured).toEqual([
      ["T1", "A1 A2 B1", "C11"],
      ["T2", "B2", "C1 C9 C10 C11"],
      ["T3", "A1 A2 B3 B5", "C1 C2 C3 C4 C5 C6 C7 C9 C10 C11 C12 C13"],
      ["T4", "B8", "D2"],
    ]);
  });

  test("as JUnit", () => {
    const xml = junit([{ proof, pathOf: (file) => file }], null);
    expect(xml).toContain(`tests="${proof.cases.length}" failures="0"`);
    expect(xml.match(/<testcase /g)).toHaveLength(proof.cases.length);
  });
});

describe("what fails is described", () => {
  test("a rule that lost a clause's value is silent: which clause, which value", () => {
    const lines = failed(
      run({ "rules/B8.yaml": (t) => t.replace('process.args : "view"', 'process.args : "show"') }, "t4-net-view-remote-source-sysmon"),
    );
    expect(lines).toContain("  rule B8 is silent and should fire");
    expect(lines.join("\n")).toMatch(/process\.args : "show" \(process\.args is \["net", "view"/);
  });

  test("a rule that is too broad fires where it should not, on a named event", () => {
    const lines = failed(
      run(
        {
          "rules/B1.yaml": (t) =>
            t
              .replace('process.args : "use" and', 'process.args : "*use*" and')
              .replace("process.command_line : (", 'process.command_line : ("*C$*", '),
        },
        "net-user-service-account",
      ),
    );
    expect(lines).toContain("  rule B1 fires and should not");
    expect(lines.join("\n")).toContain("net  user SQLSVC$ /domain");
  });

  test("an exception that is gone, and one that hides an attack", () => {
    const gone = failed(run({ "tuning.yaml": (t) => t.replaceAll("'10.10.40.5'", "'10.10.40.55'") }, "sccm-client-push"));
    expect(gone).toContain("  exception 'sccm-push-files' should suppress the alert of C1 and does not");
    const wide = failed(run({ "tuning.yaml": (t) => t.replaceAll("'10.10.40.5'", "'10.10.0.0/16'") }, "stolen-push-account"));
    expect(wide).toContain("  exception 'sccm-push-files' suppresses the alert of C1");
  });

  test("an exception that has expired is not applied", () => {
    const proof = prove(load(), { today: "2027-06-01", only: "pdq-deploy" });
    expect(failed(proof)).toContain("  rule C1 fires and should not");
  });

  test("a signal that is not in the telemetry", () => {
    const lines = failed(
      run(
        {
          "cases/t4-net-view-remote-source-sysmon/events.ndjson": (t) =>
            t
              .split("\n")
              .filter((line) => !line.includes('"code":"3"'))
              .join("\n"),
        },
        "t4-net-view-remote-source-sysmon",
      ),
    );
    expect(lines).toContain("  signal 'Connection to 445 by PID 4': expected at least one, found 0");
  });

  test("a line that cannot be read", () => {
    const lines = failed(run({ "cases/net-view-domain/events.ndjson": (t) => `${t}{"broken": \n` }, "net-view-domain"));
    expect(lines.join("\n")).toMatch(/cannot be read: .*\(line \d+\)/);
  });
});

test("a rule that a case names in lab_fires and that stays silent fails it", () => {
  const name = "t2-copy-admin-loopback-sysmon";
  const file = `cases/${name}/case.yaml`;
  const silent = load().rules.find(({ id }) => !files.get(file)!.includes(id))!.id;
  const proof = run({ [file]: (text) => text.replace("lab_fires:\n", `lab_fires:\n  - ${silent}\n`) }, name);
  expect(proof.cases.find(({ case: c }) => c.name === name)!.failures).toMatchObject([{ kind: "rule-silent", rule: silent, lab: true }]);
  expect(proof.holds).toBe(false);
});

describe("claims", () => {
  test("a document that says more than the cases show refuses the package", () => {
    const proof = run({ "guide.md": (t) => t.replace("A1 = T1 T3", "A1 = T1 T2 T3") });
    expect(proof.failed).toBe(0);
    expect(proof.holds).toBe(false);
    expect(proof.claims.map((c) => c.message)).toEqual(["'A1 = T1 T2 T3', but the cases show T1 T3"]);
    expect(junit([{ proof, pathOf: (file) => file }], null)).toContain('name="claims"');
  });

  test("so do a rule and tests.yaml", () => {
    const proof = run({
      "rules/B2.yaml": (t) => t.replace("tests: [T2]", "tests: [T2, T4]"),
      "tests.yaml": (t) => t.replace("source: [B8]", "source: [B8, A1]"),
    });
    expect(proof.claims.filter((c) => c.severity === "error").map((c) => c.message)).toEqual([
      "B2 says that it catches T4, and no case on the remote path shows it",
      "T4 is claimed to be caught by A1 on the source, and no case shows it",
    ]);
  });

  test("a rule without an evasion case", () => {
    const proof = run({
      "cases/psexec-stripped/case.yaml": (t) => t.replace("kind: evasion", "kind: positive"),
      "cases/psexec-renamed-client-4688/case.yaml": (t) => t.replace("  - B4\n", ""),
      "cases/psexec-quoted-host/case.yaml": (t) => t.replace("  - B4\n", "").replace("silent:\n", "silent: []\n"),
      "cases/psexec-renamed-service-sysmon/case.yaml": (t) => t.replace("kind: evasion", "kind: positive"),
    });
    expect(proof.claims.map((c) => c.message)).toContain("B4 has no evasion case");
  });
});

describe("the queries in the documents", () => {
  const events = sample();

  for (const name of ["guide.md", "playbook.md"]) {
    const queries = [...files.get(name)!.matchAll(/```eql\n(.*?)```/gs)].map((match) => match[1]!.trim());
    test.each(queries)(`${name} finds something in the sample: %s`, (text) => {
      const { query, diagnostics } = parse(text);
      expect(diagnostics).toEqual([]);
      const { total } = search(
        query!,
        events.map((event) => ({ _source: event })),
        { size: Infinity },
      );
      expect(total).toBeGreaterThan(0);
    });
  }
});

function sample(): EventDocument[] {
  const events: EventDocument[] = [];
  const normaliser = createNormaliser();
  const sink = {
    record: (record: Parameters<typeof normaliser.normalise>[0]): void => void events.push(normaliser.normalise(record).event),
    problem: (problem: { readonly message: string }): void => {
      throw new Error(problem.message);
    },
  };
  const decoder = openInput("samples/lab.ndjson");
  decoder.push(readFileSync(join(root, "samples/lab.ndjson")), sink);
  decoder.end(sink);
  return events;
}

test("a condition that cannot be computed on a case fails it, and is named", () => {
  const detection = load();
  const { query } = parse("process where number(process.name) == 4");
  const rules = detection.rules.map((rule) => (rule.id === "B1" ? { ...rule, tree: query! } : rule));
  const lines = proofReport(prove({ ...detection, rules }, { today: TODAY, only: "t1-" }));
  expect(lines.join("\n")).toMatch(
    /rule B1: \d+ values? on which a condition could not be computed \(a text that is no number\) and counted as false \[eql\/bad-number\]/,
  );
});
