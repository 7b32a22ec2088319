import { expect, test } from "vitest";
import { isPlainText, oneLine, plainLines, plainMetadata } from "./plain-text.ts";
import { metadata } from "./testing/sample-rule.ts";

const BREAKS = ["\n", "\r", "\r\n", "\u000b", "\u000c", "\u001c", "\u001d", "\u001e", "\u0085", "\u2028", "\u2029"];

test.each(BREAKS.map((char) => [JSON.stringify(char), char]))("%s ends a line of prose, and no name", (_, char) => {
  expect(oneLine(` a${char}${char}b `)).toBe("a b");
  expect(plainLines(`a${char}b${char}`)).toBe("a\nb");
  expect(isPlainText(`a${char}`)).toBe(false);
});

test("what cannot be seen is gone, what can be seen stays", () => {
  expect(oneLine("a\0b\ufeffc\ud800 é漢😀")).toBe("a b c\ufffd é漢😀");
  expect(plainLines("## A\n\n- b\tc\0  \n")).toBe("## A\n\n- b  c");
});

test("a rule without a title has its id, and empty items of lists go", () => {
  const plain = plainMetadata({ ...metadata, title: "\u2028", authors: ["\n", "a\nb"], references: ["https://a\u2028b"] });
  expect(plain).toMatchObject({ title: "X1", authors: ["a b"], references: ["https://a b"] });
});
