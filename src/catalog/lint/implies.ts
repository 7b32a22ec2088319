/**
 * Does every event that satisfies `a` satisfy `b`? A structural test: `true` is certain, `false` means not shown.
 * Enough to find duplicates and rules that another rule swallows.
 */
import { printExpr, type Expr, type Pattern, type WildcardPart } from "../../eql/index.ts";
import { patternText } from "./possible.ts";

export function implies(a: Expr, b: Expr): boolean {
  return shown(a, b, new Map());
}

/** Each pair of nodes is decided once, so that nested conditions cost their product and not a power of it. */
function shown(a: Expr, b: Expr, known: Map<Expr, Map<Expr, boolean>>): boolean {
  let answers = known.get(a);
  if (answers === undefined) known.set(a, (answers = new Map()));
  let answer = answers.get(b);
  if (answer === undefined) answers.set(b, (answer = decide(a, b, (x, y) => shown(x, y, known))));
  return answer;
}

function decide(a: Expr, b: Expr, implies: (a: Expr, b: Expr) => boolean): boolean {
  if (b.kind === "logical" && b.op === "and") return b.operands.every((part) => implies(a, part));
  if (a.kind === "logical" && a.op === "or") return a.operands.every((part) => implies(part, b));
  if (a.kind === "logical" && a.operands.some((part) => implies(part, b))) return true;
  if (b.kind === "logical") return b.operands.some((part) => implies(a, part));
  if (a.kind === "not" && b.kind === "not") return implies(b.value, a.value);
  return atomImplies(a, b);
}

/** One predicate; the values it accepts on one subject are compared as sets. */
function atomImplies(a: Expr, b: Expr): boolean {
  const left = accepted(a);
  const right = accepted(b);
  if (left !== null && right !== null)
    return left.subject === right.subject && left.patterns.every((p) => right.patterns.some((q) => covers(q, p)));
  return printExpr(a) === printExpr(b);
}

interface Accepted {
  readonly subject: string;
  readonly patterns: readonly { readonly parts: readonly WildcardPart[] | null; readonly text: string; readonly insensitive: boolean }[];
}

function accepted(expr: Expr): Accepted | null {
  if (expr.kind === "match" && expr.op !== "regex") {
    return {
      subject: subject(expr.value),
      patterns: expr.patterns.map((p: Pattern) => ({
        parts: p.kind === "wildcard" ? p.parts : null,
        text: patternText(p),
        insensitive: expr.insensitive,
      })),
    };
  }
  const literal = (item: Expr) =>
    item.kind === "string"
      ? { parts: item.value === "" ? [] : [{ kind: "literal" as const, text: item.value }], text: item.value }
      : { parts: null, text: printExpr(item) };
  if (expr.kind === "in" && !expr.negated)
    return { subject: subject(expr.value), patterns: expr.list.map((item) => ({ ...literal(item), insensitive: expr.insensitive })) };
  if (expr.kind === "comparison" && expr.op === "==" && expr.right.kind !== "null")
    return { subject: subject(expr.left), patterns: [{ ...literal(expr.right), insensitive: false }] };
  return null;
}

function subject(expr: Expr): string {
  return expr.kind === "field" ? expr.name : printExpr(expr);
}

type AcceptedPattern = Accepted["patterns"][number];

/** Every value that `narrow` accepts, `wide` accepts too. Decided for literals, and for wildcards by running one over the other's text. */
function covers(wide: AcceptedPattern, narrow: AcceptedPattern): boolean {
  if (wide.parts === null || narrow.parts === null) return wide.text === narrow.text;
  if (narrow.insensitive && !wide.insensitive && /\p{L}/u.test(narrow.text)) return false;
  return coversParts(wide.parts, narrow.parts, wide.insensitive);
}

/** `any` of the wide one may swallow anything, also wildcards of the narrow one; its `one` swallows a character or a `one`. */
function coversParts(wide: readonly WildcardPart[], narrow: readonly WildcardPart[], insensitive: boolean): boolean {
  const symbols = (parts: readonly WildcardPart[]): (string | symbol)[] =>
    parts.flatMap((part): (string | symbol)[] =>
      part.kind === "any" ? [ANY] : part.kind === "one" ? [ONE] : [...(insensitive ? part.text.toLowerCase() : part.text)],
    );
  const w = symbols(wide);
  const n = symbols(narrow);
  // reach[j]: the wide symbols read so far can cover the first j narrow symbols.
  let reach = n.map(() => false);
  reach.unshift(true);
  for (const symbol of w) {
    const next = reach.map(() => false);
    for (let j = 0; j <= n.length; j++) {
      if (symbol === ANY) next[j] = reach[j]! || (j > 0 && next[j - 1]!);
      else if (j > 0) next[j] = reach[j - 1]! && (symbol === ONE ? n[j - 1] !== ANY : n[j - 1] === symbol);
    }
    reach = next;
  }
  return reach[n.length]!;
}

const ANY = Symbol("any");
const ONE = Symbol("one");
