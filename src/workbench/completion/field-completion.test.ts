import { describe, expect, test } from "vitest";
import { fieldCompletionAt } from "./field-completion.ts";

const seen = new Map([
  ["host.name", ["SRV01.corp.example"]],
  ["process.executable", ["C:\\Windows\\net.exe"]],
]);
type Language = Parameters<typeof fieldCompletionAt>[2];

/** `|` is where the cursor is. */
function at(
  text: string,
  language: Language,
  explicit = false,
): { from: number; labels: string[]; applied: (string | undefined)[] } | null {
  const found = fieldCompletionAt(text.replace("|", ""), text.indexOf("|"), language, seen, explicit);
  if (found === null) return null;
  return { from: found.from, labels: found.options.map(({ label }) => label), applied: found.options.map(({ apply }) => apply) };
}

describe("completion of fields and values", () => {
  test.each(["kql", "lucene", "esql"] as const)("%s: fields of the files come first, then those of ECS", (language) => {
    const found = at("host.n|", language)!;
    expect([found.from, found.labels[0]]).toEqual([0, "host.name"]);
    expect(found.labels).toContain("process.pid");
    expect(at("|", language)).toBeNull();
    expect(at("|", language, true)!.labels).toContain("host.name");
  });

  test.each<[Language, string, string[] | null]>([
    ["kql", "host.name: SR|", ["SRV01.corp.example"]],
    ["kql", "host.name: (a or S|", ["SRV01.corp.example"]],
    ["kql", 'process.executable: "C|', ["C:\\\\Windows\\\\net.exe"]],
    ["kql", "process.executable: C|", ['"C:\\\\Windows\\\\net.exe"']],
    ["kql", "no.such: x|", []],
    ["lucene", "host.name:S|", ["SRV01.corp.example"]],
  ])("%s: values behind their field: %s", (language, text, applied) => {
    expect(at(text, language)!.applied).toEqual(applied);
  });

  test("in ES|QL values are quoted, and a text that is no value has no fields in it", () => {
    const esql = (text: string): ReturnType<typeof at> => at(text.replace("^", "|"), "esql");
    const asked = (text: string): (string | undefined)[] => {
      const pos = text.indexOf("^");
      return fieldCompletionAt(text.replace("^", ""), pos, "esql", seen, false)!.options.map(({ apply }) => apply);
    };
    expect(asked("from logs | where host.name == S^")).toEqual(['"SRV01.corp.example"']);
    expect(asked('from logs | where host.name == "S^')).toEqual(["SRV01.corp.example"]);
    expect(fieldCompletionAt('from logs | where a like "x ho', 30, "esql", seen, true)).toBeNull();
    expect(esql("host^")!.labels).toContain("host.name");
  });

  test("a hostile line is not looked at for long", () => {
    const begun = performance.now();
    for (const unit of ["a:", "(", 'a:("', "a: ( "])
      for (const language of ["kql", "lucene", "esql"] as const) {
        fieldCompletionAt(unit.repeat(500), 500 * unit.length, language, seen, true);
        fieldCompletionAt(unit.repeat(100_000), 100_000 * unit.length, language, seen, true);
      }
    expect(performance.now() - begun).toBeLessThan(2_000);
  });
});
