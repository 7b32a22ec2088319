import { describe, expect, test } from "vitest";
import { diagnosticsOf } from "./diagnostics.ts";

const seen = new Map([["host.name", ["SRV01.corp.example"]]]);

describe("diagnostics", () => {
  test("a mistake is marked where it is, and inside the text", () => {
    const text = "process where and";
    const found = diagnosticsOf(text, "eql", seen);
    expect(found.some((d) => d.severity === "error")).toBe(true);
    for (const d of found) expect(0 <= d.from && d.from < d.to && d.to <= text.length).toBe(true);
    expect(diagnosticsOf('process where process.name == "a"', "eql", seen)).toEqual([]);
    const misspelt = 'process where process.nmae == "a"';
    expect(diagnosticsOf(misspelt, "eql", seen)).toMatchObject([{ from: 14, to: 26, severity: "warning" }]);
    expect(diagnosticsOf(misspelt, "eql", new Map([["process.nmae", ["a"]]]))).toEqual([]);
    expect(diagnosticsOf("", "eql", seen)).toEqual([]);
  });

  test.for([
    ["kql", "process.nmae: a"],
    ["lucene", "process.nmae:a"],
    ["esql", 'from logs | where process.nmae == "a"'],
  ] as const)("a field that is nearly one is marked in %s, unless the files have it", ([language, text]) => {
    expect(diagnosticsOf(text, language, seen)).toMatchObject([
      { severity: "warning", message: expect.stringContaining("process.nmae") as string },
    ]);
    expect(diagnosticsOf(text, language, new Map([["process.nmae", ["a"]]]))).toEqual([]);
  });
});
