import fc from "fast-check";
import { expect, test } from "vitest";
import { parse, parseExpression } from "../syntax/parse.ts";
import type { EventQuery, WildcardPart } from "../syntax/tree.ts";
import { FALSE, TRUE, junction, negation, predicatesOf, replacePredicates, type Condition } from "./condition.ts";
import { identityOf } from "./identity.ts";
import { normalise, normaliseExpr } from "./normalise.ts";
import type { Predicate } from "./predicate.ts";

/** A condition in one line: `not (a text 'x' or b > 1)`. */
function shown(condition: Condition): string {
  switch (condition.kind) {
    case "constant":
      return String(condition.value);
    case "not":
      return `not ${shown(condition.operand)}`;
    case "predicate":
      return predicateText(condition.predicate);
    default:
      return `(${condition.operands.map(shown).join(` ${condition.kind} `)})`;
  }
}

function predicateText(of: Predicate): string {
  switch (of.kind) {
    case "text":
      return `${of.field} ${of.compares}${of.insensitive ? "~" : ""} ${of.patterns.map(({ parts }) => `'${patternText(parts)}'`).join()}`;
    case "regex":
      return `${of.field} regex ${of.patterns.map(({ source }) => source).join()}`;
    case "value":
      return `${of.field} ${of.op} ${typeof of.value} ${of.value}`;
    case "exists":
      return `${of.field} exists`;
    case "cidr":
      return `${of.field} in ${of.blocks.join()}`;
    case "any-field":
      return "any-field";
    case "computed":
      return `computed ${of.expr.kind}`;
  }
}

/** `*` as written, one that is meant as `\\*`. */
function patternText(parts: readonly WildcardPart[]): string {
  return parts.map((part) => (part.kind === "any" ? "*" : part.kind === "one" ? "?" : part.text.replaceAll("*", "\\*"))).join("");
}

const of = (condition: string): string => shown(normaliseExpr(parseExpression(condition).expr!));

test.each([
  // Comparisons: the field on the left, never negative.
  ['a == "x*"', "a type 'x\\*'"],
  ["3 > a", "a < number 3"],
  ["3 <= a", "a >= number 3"],
  ["a != 4", "not a == number 4"],
  ["not a != 4", "a == number 4"],
  ["a == -4", "a == number -4"],
  ["a < null", "false"],
  ['a >= "m"', "a >= string m"],
  ["a == null", "not a exists"],
  ["null != a", "a exists"],
  ["a", "a == boolean true"],
  ["not a", "not a == boolean true"],
  ["a == b", "computed comparison"],
  ["?a == ?b", "((not a exists and not b exists) or computed comparison)"],
  ["?a == b", "computed comparison"],
  ["length(a) == null", "not computed comparison"],
  ["length(a) != null", "computed comparison"],
  // Lists, by kind of value.
  ['a in ("x", "y")', "a type 'x','y'"],
  ['a in~ ("x", 5, null)', "(a text~ 'x' or a == number 5)"],
  ["a not in (1, -2)", "not (a == number 1 or a == number -2)"],
  ["a in (null)", "false"],
  ["a in (b)", "computed in"],
  // Patterns.
  ['a : ("x*", "y", 7)', "(a text~ 'x*','y' or a == number 7)"],
  ['a like "?"', "a text '?'"],
  ['a regex ("x+", "y")', "a regex x+,y"],
  ['concat(a, b) : "x"', "computed match"],
  // Functions that are predicates of a field.
  ['startsWith(a, "x")', "a string 'x*'"],
  ['ENDSWITH~(a, "x")', "a string~ '*x'"],
  ['stringContains(a, "x")', "a string '*x*'"],
  ['startsWith(a, "")', "a string '*'"],
  ['stringContains(a, "")', "false"],
  ["startsWith(a, b)", "computed call"],
  ['cidrMatch(a, "10.0.0.0/8", "::1/128")', "a in 10.0.0.0/8,::1/128"],
  ['cidrMatch(a, "10.0.0.0/8", b)', "computed call"],
  ['cidrMatch("10.0.0.1", a)', "computed call"],
  // Junctions, with constants worked out.
  ["a and (b and c)", "(a == boolean true and b == boolean true and c == boolean true)"],
  ["a and (b or c)", "(a == boolean true and (b == boolean true or c == boolean true))"],
  ["a and 1 == 1", "a == boolean true"],
  ["a or 1 == 1", "true"],
  ['a and concat("x", "y") == "xy"', "a == boolean true"],
  ["a or 1 / 0 == 1", "a == boolean true"],
  ["not null", "false"],
  ["not (a and not b)", "not (a == boolean true and not b == boolean true)"],
])("%s", (condition, expected) => {
  expect(of(condition)).toBe(expected);
});

test("the category is a predicate of its field", () => {
  const { filter } = parse("process where a").query as EventQuery;
  expect(shown(normalise(filter))).toBe("(event.category text 'process' and a == boolean true)");
  expect(shown(normalise(filter, { categoryField: "kind" }))).toBe("(kind text 'process' and a == boolean true)");
});

test("parts that mean the same have one identity, and numbers are not texts", () => {
  const identity = (condition: string): string => identityOf(normaliseExpr(parseExpression(condition).expr!));
  expect(identity("a  ==  1")).toBe(identity("1 == a"));
  expect(identity("a > 9007199254740993")).not.toBe(identity('a > "9007199254740993"'));
  expect(identity("a > 1e400")).not.toBe(identity("a > -1e400"));
});

// ------------------------------------------------------------------------------------------------- the algebra

type Tree = Condition<number>;
const leaf = (predicate: number): Tree => ({ kind: "predicate", predicate });

/** Condition trees as anybody may build them: constants inside, double `not`, groups within groups. */
const anyTree: fc.Arbitrary<Tree> = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.nat(3).map(leaf),
    fc.boolean().map((value): Tree => ({ kind: "constant", value })),
    tie("tree").map((operand): Tree => ({ kind: "not", operand })),
    fc
      .record({ kind: fc.constantFrom("and" as const, "or" as const), operands: fc.array(tie("tree"), { maxLength: 3 }) })
      .map((group): Tree => group),
  ),
})).tree;

function truth(tree: Tree, held: readonly boolean[]): boolean {
  switch (tree.kind) {
    case "constant":
      return tree.value;
    case "predicate":
      return held[tree.predicate]!;
    case "not":
      return !truth(tree.operand, held);
    default:
      return tree.kind === "and"
        ? tree.operands.every((operand) => truth(operand, held))
        : tree.operands.some((operand) => truth(operand, held));
  }
}

const HELD = Array.from({ length: 16 }, (_, bits) => [0, 1, 2, 3].map((bit) => (bits & (1 << bit)) !== 0));

test("what junction and negation make is the same condition, with constants alone or nowhere", () => {
  fc.assert(
    fc.property(anyTree, (tree) => {
      const folded = replacePredicates(tree, leaf);
      for (const held of HELD) expect(truth(folded, held)).toBe(truth(tree, held));
      const wellFormed = (part: Tree, parent: string): boolean =>
        part.kind === "predicate" ||
        (part.kind === "not" && parent !== "not" && wellFormed(part.operand, "not")) ||
        ((part.kind === "and" || part.kind === "or") &&
          part.kind !== parent &&
          part.operands.length > 1 &&
          part.operands.every((operand) => wellFormed(operand, part.kind)));
      expect(folded.kind === "constant" || wellFormed(folded, "")).toBe(true);
    }),
  );
});

test("replacing a leaf depends on whether it stands under an odd number of not", () => {
  const polarities: [number, boolean][] = [];
  const tree = junction<number>("and", [leaf(0), negation(junction<number>("or", [leaf(1), negation(leaf(2))]))]);
  replacePredicates(tree, (predicate, positive) => {
    polarities.push([predicate, positive]);
    return leaf(predicate);
  });
  expect(polarities).toEqual([
    [0, true],
    [1, false],
    [2, true],
  ]);
  expect(predicatesOf(tree)).toEqual([0, 1, 2]);
  expect(replacePredicates(tree, (predicate) => (predicate === 1 ? TRUE : leaf(predicate)))).toEqual(FALSE);
});
