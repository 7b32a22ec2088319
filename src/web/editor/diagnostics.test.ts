import { describe, expect, test } from "vitest";
import { diagnosticsOf } from "./diagnostics.ts";

const seen = new Map([["host.name", ["SRV01.corp.example"]]]);

describe("diagnostics", () => {
  test("a mistake is marked where it is, and inside the text", () => {
    const text = "process where and";
    const found = diagnosticsOf(text, seen);
    expect(found.some((d) => d.severity === "error")).toBe(true);
    for (const d of found) expect(0 <= d.from && d.from < d.to && d.to <= text.length).toBe(true);
    expect(diagnosticsOf('process where process.name == "a"', seen)).toEqual([]);
    const misspelt = 'process where process.nmae == "a"';
    expect(diagnosticsOf(misspelt, seen)).toMatchObject([{ from: 14, to: 26, severity: "warning" }]);
    expect(diagnosticsOf(misspelt, new Map([["process.nmae", ["a"]]]))).toEqual([]);
    expect(diagnosticsOf("", seen)).toEqual([]);
  });
});
