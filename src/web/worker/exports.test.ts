import { expect, test } from "vitest";
import { cellText } from "./exports.ts";

test("a cell holds no more than a spreadsheet takes, and says that it was cut", () => {
  const text = cellText("x".repeat(40_000));
  expect(text.length).toBeLessThan(32_767);
  expect(text.endsWith("x (cut)")).toBe(true);
  expect(cellText("plain")).toBe("plain");
});
