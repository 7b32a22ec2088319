import { expect, test } from "vitest";
import { FALSE, isUnsupported, NOWHERE, normaliseExpr, parseExpression, type Condition, type Loss, type Predicate } from "../eql/index.ts";
import { bare, indented, infix, type Infix } from "./infix.ts";

/** A target that writes `exists` as the field's name, and has no other predicate. */
const words: Infix = {
  and: "AND",
  or: "OR",
  not: (operand) => `NOT ${operand}`,
  indent: "    ",
  predicate: (test) => (test.kind === "exists" ? test.field : { unsupported: `no ${test.kind}` }),
};
const exists = (field: string): Condition => ({ kind: "predicate", predicate: { kind: "exists", field, span: NOWHERE } as Predicate });
const join = (kind: "and" | "or", ...operands: Condition[]): Condition => ({ kind, operands });
const not = (operand: Condition): Condition => ({ kind: "not", operand });
function written(condition: Condition): string {
  const folded = infix(condition, words, () => expect.unreachable());
  if (folded.kind !== "value") throw new Error(folded.kind);
  return folded.value.text;
}
const [a, b, c] = [exists("a"), exists("b"), exists("c")];
/** So that `a AND` and the name are as long as asked for. */
const long = (length: number): Condition => exists("x".repeat(length - "a AND ".length));

test.each<[string, Condition]>([
  ["a AND b AND c", join("and", a, b, c)],
  ["(a AND b) OR c", join("or", join("and", a, b), c)],
  ["(a OR b) AND c", join("and", join("or", a, b), c)],
  ["a AND b AND c", join("and", join("and", a, b), c)],
  ["NOT a AND b", join("and", not(a), b)],
  ["NOT (a OR b)", not(join("or", a, b))],
  ["a", join("or", a, a)],
])("%s", (text, condition) => {
  expect(written(condition)).toBe(text);
});

test("a group is on one line of at most a hundred characters, and on one line of its own for each part beyond that", () => {
  const [fits, over] = [long(100), long(101)];
  expect(written(join("and", a, fits))).toHaveLength(100);
  expect(written(join("and", a, fits))).not.toContain("\n");
  const broken = written(join("and", a, over));
  expect(broken).toBe(`a\nAND ${"x".repeat(95)}`);
  // What is broken breaks what holds it, and stands further in.
  expect(written(join("or", b, join("and", a, over)))).toBe(`b\nOR (\n${indented(broken, "    ")}\n)`);
  expect(written(not(join("and", a, over)))).toBe(`NOT (\n${indented(broken, "    ")}\n)`);
});

test("a part that cannot be written is left out, with its loss: the polarity tells whether more or less is matched", () => {
  const effects = (text: string): string[] => {
    const losses: Loss[] = [];
    const folded = infix(normaliseExpr(parseExpression(text).expr!), words, (loss) => losses.push(loss));
    return [folded.kind === "value" ? folded.value.text : folded.kind, ...losses.map(({ effect }) => effect)];
  };
  expect(effects("a != null and b == 1")).toEqual(["a", "wider"]);
  expect(effects("a != null or b == 1")).toEqual(["a", "narrower"]);
  expect(effects("not (a != null or b == 1)")).toEqual(["NOT a", "wider"]);
});

test("a constant is no text", () => {
  expect(infix(FALSE, words, () => expect.unreachable())).toEqual({ kind: "constant", value: false });
  expect(isUnsupported("a")).toBe(false);
});

test("parentheses and lines", () => {
  expect([bare("(a OR b)"), bare("a OR (b)"), bare("(a) OR b")]).toEqual(["a OR b", "a OR (b)", "(a) OR b"]);
  expect(indented("a\n\nb", "  ")).toBe("  a\n\n  b");
});
