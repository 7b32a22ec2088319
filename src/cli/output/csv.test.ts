import { expect, test } from "vitest";
import { writeCsvLine } from "./csv.ts";
import type { Output } from "./output.ts";

function line(...cells: readonly string[]): string {
  let text = "";
  const out: Output = { write: (piece) => void (text += piece), flush() {}, finish() {}, end: null };
  writeCsvLine(out, cells);
  return text;
}

test("cells are quoted where they hold a quote, a comma or a line break", () => {
  expect(line("a", "b,c", 'd"e', "f\ng", "")).toBe('a,"b,c","d""e","f\ng",\r\n');
});

test("what a spreadsheet would run is text, numbers stay numbers", () => {
  expect(line("=1+1", "+a", "-cmd", "@x", "\tq", "-5", "-5.25", "a=b")).toBe("'=1+1,'+a,'-cmd,'@x,'\tq,-5,-5.25,a=b\r\n");
});
