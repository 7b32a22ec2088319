/**
 * Expressions as conditions over predicates, once for all readers: comparisons with the field on the left and never negative, lists
 * and wildcards by kind of pattern, functions that place a text as the wildcard they are, constants worked out.
 */
import type { Span } from "../span.ts";
import type { CallExpr, ComparisonExpr, EventFilter, Expr, InExpr, LiteralExpr, MatchExpr, WildcardPart } from "../syntax/tree.ts";
import { FALSE, TRUE, junction, negation, type Condition } from "./condition.ts";
import { MIRRORED, isLiteral } from "../run/evaluate.ts";
import { constantHolds, isConstant } from "./constant.ts";
import type { Predicate, TextPattern, TextPredicate, ValuePredicate } from "./predicate.ts";

/** What a condition is normalised with. */
export interface NormaliseOptions {
  /** The field that the category of a filter is looked for in; `event.category` where it is not given. */
  readonly categoryField?: string;
  /** What a condition without any field is. By default it is computed, and one that cannot be is false. */
  readonly constant?: (expr: Expr) => boolean;
}

/** `category where condition`, the category as a predicate of its field. */
export function normalise(filter: EventFilter, options: NormaliseOptions = {}): Condition {
  const condition = normaliseExpr(filter.condition, options);
  if (filter.category === null) return condition;
  const { value, span } = filter.category;
  const category = texts(options.categoryField ?? "event.category", "text", [plain(value, span)], false, span);
  return junction("and", [category, condition]);
}

/** A condition without a category, such as an exception's. */
export function normaliseExpr(expr: Expr, options: NormaliseOptions = {}): Condition {
  const { constant = constantHolds } = options;
  return visit(expr);

  function visit(part: Expr): Condition {
    // As a whole: `not null` is null, and selects nothing.
    if (isConstant(part)) return constant(part) ? TRUE : FALSE;
    switch (part.kind) {
      case "logical":
        return junction(part.op, part.operands.map(visit));
      case "not":
        return negation(visit(part.value));
      case "comparison":
        return comparison(part);
      case "in":
        return part.negated ? negation(membership({ ...part, negated: false })) : membership(part);
      case "match":
        return match(part);
      case "field":
        return leaf({ kind: "value", field: part.name, span: part.span, op: "==", value: true, valueSpan: part.span });
      case "call":
        return call(part);
      case "any-field":
        return leaf({
          kind: "any-field",
          span: part.span,
          names: part.names ?? null,
          insensitive: part.insensitive,
          patterns: part.patterns,
        });
      default:
        return computed(part);
    }
  }
}

function leaf(predicate: Predicate): Condition {
  return { kind: "predicate", predicate };
}

function computed(expr: Expr): Condition {
  return leaf({ kind: "computed", span: expr.span, expr });
}

function plain(text: string, span: Span): TextPattern {
  return { parts: text === "" ? [] : [{ kind: "literal", text }], span };
}

function texts(
  field: string,
  compares: TextPredicate["compares"],
  patterns: readonly TextPattern[],
  insensitive: boolean,
  span: Span,
): Condition {
  if (patterns.length === 0) return FALSE;
  return leaf({ kind: "text", field, span, insensitive, compares, patterns: patterns.map(({ parts, span: at }) => ({ parts, span: at })) });
}

/** `-4` is a number with its sign. */
function signed(expr: Expr): Expr {
  if (expr.kind !== "negate" || expr.value.kind !== "number") return expr;
  return { ...expr.value, span: expr.span, value: expr.op === "-" ? -expr.value.value : expr.value.value };
}

function comparison(expr: ComparisonExpr): Condition {
  const { op, span } = expr;
  const left = signed(expr.left);
  const right = signed(expr.right);
  if (op === "!=") return negation(comparison({ ...expr, op: "==" }));
  if (op === "==" && (left.kind === "null" || right.kind === "null")) {
    const other = right.kind === "null" ? left : right;
    // Of an array of values all must be missing, so what is computed is whether one is there.
    return negation(other.kind === "field" ? leaf({ kind: "exists", field: other.name, span }) : computed({ ...expr, op: "!=" }));
  }
  if (left.kind === "field" && isLiteral(right)) return withLiteral(left.name, op, right, span);
  if (right.kind === "field" && isLiteral(left)) return withLiteral(right.name, MIRRORED[op], left, span);
  if (op === "==" && left.kind === "field" && right.kind === "field" && left.optional && right.optional) {
    // Two optional fields that are both missing are two nulls, and these are equal.
    const missing = [left, right].map((field) => negation(leaf({ kind: "exists", field: field.name, span: field.span })));
    return junction("or", [junction("and", missing), computed(expr)]);
  }
  return computed(expr);
}

function withLiteral(field: string, op: ValuePredicate["op"], literal: LiteralExpr, span: Span): Condition {
  // A comparison with null is null.
  if (literal.kind === "null") return FALSE;
  if (literal.kind === "string" && op === "==") return texts(field, "type", [plain(literal.value, literal.span)], false, span);
  return leaf({ kind: "value", field, span, op, value: literal.value, valueSpan: literal.span });
}

function membership(expr: InExpr): Condition {
  const { value, span, insensitive } = expr;
  const list = expr.list.map(signed);
  if (value.kind !== "field" || !list.every(isLiteral)) return computed(expr);
  const strings = list.filter((member) => member.kind === "string").map((member) => plain(member.value, member.span));
  const others = list.filter((member) => member.kind !== "string").map((member) => withLiteral(value.name, "==", member, span));
  return junction("or", [texts(value.name, insensitive ? "text" : "type", strings, insensitive, span), ...others]);
}

function match(expr: MatchExpr): Condition {
  const { value, patterns, span, insensitive } = expr;
  if (value.kind !== "field") return computed(expr);
  const wildcards = patterns.filter((pattern) => pattern.kind === "wildcard");
  const regexes = patterns.filter((pattern) => pattern.kind === "regex");
  const values = patterns.filter((pattern) => pattern.kind === "value");
  return junction("or", [
    texts(value.name, "text", wildcards, insensitive, span),
    regexes.length === 0 ? FALSE : leaf({ kind: "regex", field: value.name, span, insensitive, patterns: regexes }),
    ...values.map((pattern) => withLiteral(value.name, "==", pattern.value, span)),
  ]);
}

const ANY: WildcardPart = { kind: "any" };

/** Where the functions that look for a text expect it, by their names in lower case: calls are matched without regard to case. */
const PLACES: ReadonlyMap<string, (text: WildcardPart) => readonly WildcardPart[]> = new Map([
  ["startswith", (text) => [text, ANY]],
  ["endswith", (text) => [ANY, text]],
  ["stringcontains", (text) => [ANY, text, ANY]],
]);

function call(expr: CallExpr): Condition {
  const { args, span, insensitive } = expr;
  const name = expr.name.toLowerCase();
  const [subject, ...rest] = args;
  if (subject?.kind !== "field") return computed(expr);
  const place = PLACES.get(name);
  const [text] = rest;
  if (place !== undefined && rest.length === 1 && text?.kind === "string") {
    if (text.value === "" && name === "stringcontains") return FALSE;
    // Everything starts and ends with the empty text; as a pattern that is `*`.
    const parts = text.value === "" ? [ANY] : place({ kind: "literal", text: text.value });
    return texts(subject.name, "string", [{ parts, span: text.span }], insensitive, span);
  }
  const blocks = rest.flatMap((arg) => (arg.kind === "string" ? [arg.value] : []));
  if (name === "cidrmatch" && blocks.length > 0 && blocks.length === rest.length)
    return leaf({ kind: "cidr", field: subject.name, span, blocks, call: expr });
  return computed(expr);
}
