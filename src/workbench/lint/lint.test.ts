import { describe, expect, test } from "vitest";
import { shippedFiles, shippedPackage } from "../../../scripts/shipped.ts";
import { loadPackage } from "../../catalog/index.ts";
import { lintPackage } from "./lint.ts";

const files = shippedFiles();
const load = shippedPackage;

describe("the published query", () => {
  const dead = (strictElastic: boolean): string[] =>
    lintPackage(load(), { strictElastic })
      .findings.filter((f) => f.rule === "A1" && f.code === "dead-clause" && f.sources[0] !== "windows-xml")
      .map((f) => {
        // Clause 1, and no other, at its place in the file.
        expect(f.text).toMatch(/^event\.category == "network" and[\s\S]+"\*C\$\*"\)$|^\(\s*event\.category == "network" and[\s\S]+\)$/);
        const line = files.get("rules/A1.yaml")!.split("\n")[f.place.line - 1]!;
        expect(line.slice(f.place.column - 1)).toMatch(/^\(|^event\.category/);
        return f.message;
      });

  test("its clause 1 is dead on all four sources of the page, with a sentence each", () => {
    expect(dead(false)).toEqual([
      "On Elastic Defend this clause can never match: event.type is start there, never connection, and process.command_line is never set on these events (nearest: Connection attempted).",
      "On Winlogbeat with the Windows modules this clause can never match: process.command_line is never set on these events (nearest: Network connection).",
      "On Filebeat with the Windows event log input this clause can never match: process.command_line is never set on these events (nearest: Network connection).",
      "On Elastic Agent with the Windows and System integrations this clause can never match: process.command_line is never set on these events (nearest: Network connection).",
    ]);
  });

  test("Filebeat's events without any mapping lack all of it", () => {
    expect(dead(true)[2]).toBe(
      "On Filebeat with the Windows event log input this clause can never match: event.category, event.type, destination.port, process.name and process.command_line are never set on these events (nearest: Process creation).",
    );
  });

  test("its wildcards are too broad", () => {
    const broad = lintPackage(load()).findings.filter((f) => f.code === "broad-wildcard");
    expect(broad.map((f) => f.text)).toEqual(['"*C$*"', '"*use*"', '"*C$*"']);
  });

  test("it is suppressed for a reason, and without the reason it is an error", () => {
    const kept = lintPackage(load());
    expect(kept.findings.filter((f) => f.rule === "A1" && f.code === "dead-clause").every((f) => f.suppressed !== null)).toBe(true);
    const bare = lintPackage(load({ "rules/A1.yaml": (text) => text.slice(0, text.indexOf("\nlint:") + 1) }));
    expect(bare.errors - kept.errors).toBe(5);
    expect(kept.suppressed - bare.suppressed).toBe(8);
  });
});

test("the package as shipped has no open finding", () => {
  const { findings, errors, warnings, hints } = lintPackage(load());
  expect(findings.filter((f) => f.suppressed === null).map((f) => `${f.rule} ${f.code} ${f.message}`)).toEqual([]);
  expect([errors, warnings, hints]).toEqual([0, 0, 0]);
  for (const { suppressed } of findings) expect(suppressed!.length).toBeGreaterThan(20);
});

describe("a change for the worse is found", () => {
  const codes = (file: string, from: string, to: string): string[] => {
    const before = lintPackage(load()).findings.filter((f) => f.suppressed === null);
    const after = lintPackage(load({ [file]: (text) => text.replace(from, to) })).findings.filter((f) => f.suppressed === null);
    return [
      ...new Set(after.filter((f) => !before.some((b) => b.rule === f.rule && b.message === f.message)).map((f) => `${f.rule} ${f.code}`)),
    ];
  };

  test.each([
    ["rules/B1.yaml", 'event.type == "start"', 'event.type == "created"', "B1 blind-source"],
    [
      "rules/B8.yaml",
      '"net1.exe") or ?process.pe.original_file_name : ("net.exe", "net1.exe")) and',
      '"net1.exe") or process.nam : "x") and',
      "B8 unknown-field",
    ],
    ["rules/B8.yaml", 'process.args : "view"', 'process.args == "view"', "B8 case-sensitive"],
    ["rules/C2.yaml", "maxspan=2m", "maxspan=20m", "C2 lookback-too-short"],
    ["rules/C9.yaml", "] by winlog.event_data.SubjectLogonId", "] by winlog.event_data.TargetLogonId", "C9 key-absent"],
    ["rules/B5.yaml", "  - 'logs-endpoint.events.registry-*'\n", "", "B5 missing-index-pattern"],
  ])("%s with %j -> %j", (file, from, to, expected) => {
    expect(codes(file, from, to)).toContain(expected);
  });
});

test("a code the linter does not have is refused at its place", () => {
  const changed = new Map(files);
  changed.set("rules/A1.yaml", files.get("rules/A1.yaml")!.replace("code: dead-clause", "code: dead-claus"));
  const { problems } = loadPackage(changed, { today: "2026-11-24" });
  expect(problems.some((p) => p.place.file === "rules/A1.yaml" && p.severity === "error")).toBe(true);
});
