import { expect, test } from "vitest";
import { csvLine } from "./csv.ts";

test("cells are quoted where they hold a quote, a comma or a line break", () => {
  expect(csvLine(["a", "b,c", 'd"e', "f\ng", ""])).toBe('a,"b,c","d""e","f\ng",\r\n');
});

test("what a spreadsheet would run is text, numbers stay numbers", () => {
  expect(csvLine(["=1+1", "+a", "-cmd", "@x", "\tq", "-5", "-5.25", "a=b"])).toBe("'=1+1,'+a,'-cmd,'@x,'\tq,-5,-5.25,a=b\r\n");
  expect(csvLine(['@SUM(A1),"x"'])).toBe(`"'@SUM(A1),""x"""\r\n`);
});
