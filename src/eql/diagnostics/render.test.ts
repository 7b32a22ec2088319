import { describe, expect, test } from "vitest";
import type { Diagnostic } from "./diagnostic.ts";
import { parse } from "../syntax/parse.ts";
import { renderDiagnostics } from "./render.ts";

function at(from: number, to: number, more: Partial<Diagnostic> = {}): Diagnostic {
  return { code: "eql/unexpected", severity: "error", summary: "Wrong", span: { from, to }, labels: [], help: null, ...more };
}

describe("renderDiagnostics", () => {
  test("place, source line, underline, label, help", () => {
    const text = "any where\n  a = 1";
    const label = { span: { from: 12, to: 13 }, text: "this field" };
    expect(renderDiagnostics(text, [at(14, 15, { labels: [label], help: "Write `==`." })])).toBe(
      [
        "error: line 2:5: Wrong [eql/unexpected]",
        "  |",
        "2 |   a = 1",
        "  |     ^",
        "  |",
        "2 |   a = 1",
        "  |   - this field",
        "  help: Write `==`.",
      ].join("\n"),
    );
  });

  test("a tab takes one column, a wide character two", () => {
    const shown = renderDiagnostics("\t漢字 = x", [at(4, 5)]).split("\n");
    expect(shown[2]).toBe("1 |  漢字 = x");
    expect(shown[3]).toBe("  |       ^");
    expect(renderDiagnostics("漢字", [at(0, 2)]).split("\n")[3]).toBe("  | ^^^^");
  });

  test("nothing that steers a terminal reaches it", () => {
    const shown = renderDiagnostics("a \u001b[31m \u202e b", [at(0, 1, { summary: "bad \u001b[2J" })]);
    expect(shown).not.toMatch(/[\u001b\u202e]/);
  });

  test("a very long line is cut around the place", () => {
    const text = `${"x".repeat(100_000)}!${"y".repeat(100_000)}`;
    const [, , source, underline] = renderDiagnostics(text, [at(100_000, 100_001)], { width: 60 }).split("\n");
    expect(source!.length).toBeLessThan(70);
    expect(source![underline!.indexOf("^")]).toBe("!");
  });

  test("of very many the first are shown and the rest counted, in linear time", () => {
    const text = ";".repeat(200_000);
    const { diagnostics } = parse(text, { maxDiagnostics: Infinity });
    expect(diagnostics.length).toBeGreaterThan(100_000);
    const shown = renderDiagnostics(text, diagnostics);
    expect(shown.match(/^error:/gm)).toHaveLength(100);
    expect(shown).toMatch(new RegExp(`\\n\\n${diagnostics.length - 100} more not shown$`));
    expect(renderDiagnostics(text, diagnostics.slice(0, 3), { limit: 3 })).not.toContain("more not shown");
  });

  test("paint gets each piece with its style", () => {
    const shown = renderDiagnostics("a", [at(0, 1, { severity: "warning", help: "Do." })], {
      paint: (style, text) => `<${style}>${text}</>`,
    });
    expect(shown).toContain("<warning>warning</>: line 1:1");
    expect(shown).toContain("<warning>^</>");
    expect(shown).toContain("<help>help</>: Do.");
  });
});
