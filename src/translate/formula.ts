/**
 * A condition as tests of single fields and what joins them: the form every translator reads.
 *
 * As in the engine (and in Elasticsearch) a test is two-valued: over a missing field it is false, and `not` turns that into true.
 * An array passes when one of its values does. `!=`, `not in` and `== null` have become `not` here, and the functions that are tests
 * of a text (`startsWith`, `endsWith`, `stringContains`, `cidrMatch`) have become those tests.
 */
import type { EventFilter, Expr, LiteralExpr, Pattern, RegexPattern, Span, WildcardPart } from "../eql/index.ts";
import { joinedFields, splitPatterns } from "./joined.ts";

export type Formula =
  | { readonly kind: "constant"; readonly value: boolean }
  | { readonly kind: "and" | "or"; readonly operands: readonly Formula[] }
  | { readonly kind: "not"; readonly operand: Formula }
  | { readonly kind: "test"; readonly test: Test };

export type Test = TextTest | RegexTest | ValueTest | ExistsTest | CidrTest | AnyFieldTest | ComputedTest;
export type TestKind = Test["kind"];

/** The field's text is one of the patterns, whole. A pattern without `any` and `one` is plain equality. */
export interface TextTest {
  readonly kind: "text";
  readonly field: string;
  readonly span: Span;
  readonly insensitive: boolean;
  /** At least one. */
  readonly patterns: readonly TextPattern[];
}

export interface TextPattern {
  readonly parts: readonly WildcardPart[];
  readonly span: Span;
}

export interface RegexTest {
  readonly kind: "regex";
  readonly field: string;
  readonly span: Span;
  readonly insensitive: boolean;
  readonly patterns: readonly RegexPattern[];
}

/**
 * The field's value against a number, a truth value, or (ordered) a text. Equality with a text is a `TextTest`. What the field's
 * type makes of the value (an address, a date, a version) is the target's business: `literal` is as written.
 */
export interface ValueTest {
  readonly kind: "value";
  readonly field: string;
  readonly span: Span;
  readonly op: "==" | "<" | "<=" | ">" | ">=";
  readonly value: string | number | bigint | boolean;
}

/** The field has a value. */
export interface ExistsTest {
  readonly kind: "exists";
  readonly field: string;
  readonly span: Span;
}

/** The field's address is in one of the blocks. */
export interface CidrTest {
  readonly kind: "cidr";
  readonly field: string;
  readonly span: Span;
  readonly blocks: readonly string[];
}

/** Some field, whichever, passes (Sigma's keywords). */
export interface AnyFieldTest {
  readonly kind: "any-field";
  readonly span: Span;
  readonly insensitive: boolean;
  readonly patterns: readonly Pattern[];
}

/** Anything else: two fields compared, functions, arithmetic. True where the expression is; missing fields are null in it. */
export interface ComputedTest {
  readonly kind: "computed";
  readonly span: Span;
  readonly expr: Expr;
}

export const TRUE: Formula = { kind: "constant", value: true };
export const FALSE: Formula = { kind: "constant", value: false };

/** Constants are taken out, and groups of the same kind are one. */
export function join(kind: "and" | "or", operands: readonly Formula[]): Formula {
  const neutral = kind === "and";
  const kept: Formula[] = [];
  for (const operand of operands) {
    if (operand.kind === "constant") {
      if (operand.value !== neutral) return operand;
    } else if (operand.kind === kind) kept.push(...operand.operands);
    else kept.push(operand);
  }
  if (kept.length === 0) return neutral ? TRUE : FALSE;
  return kept.length === 1 ? kept[0]! : { kind, operands: kept };
}

export function negate(operand: Formula): Formula {
  if (operand.kind === "constant") return operand.value ? FALSE : TRUE;
  return operand.kind === "not" ? operand.operand : { kind: "not", operand };
}

/** `category where condition`, the category as a test of `event.category`. */
export function formulaOf(filter: EventFilter): Formula {
  const condition = formulaOfExpr(filter.condition);
  if (filter.category === null) return condition;
  const { value, span } = filter.category;
  return join("and", [
    test({ kind: "text", field: "event.category", span, insensitive: false, patterns: [plain(value, span)] }),
    condition,
  ]);
}

export function formulaOfExpr(expr: Expr): Formula {
  switch (expr.kind) {
    case "logical":
      return join(expr.op, expr.operands.map(formulaOfExpr));
    case "not":
      // `not null` is null, and selects nothing.
      return expr.value.kind === "null" ? FALSE : negate(formulaOfExpr(expr.value));
    case "boolean":
      return expr.value ? TRUE : FALSE;
    case "null":
      return FALSE;
    case "field":
      return test({ kind: "value", field: expr.name, span: expr.span, op: "==", value: true });
    case "comparison":
      return comparison(expr);
    case "in":
      return membership(expr);
    case "match":
      return match(expr);
    case "call":
      return call(expr);
    case "any-field":
      return test({ kind: "any-field", span: expr.span, insensitive: expr.insensitive, patterns: expr.patterns });
    default:
      return test({ kind: "computed", span: expr.span, expr });
  }
}

function test(of: Test): Formula {
  return { kind: "test", test: of };
}

function plain(text: string, span: Span): TextPattern {
  return { parts: text === "" ? [] : [{ kind: "literal", text }], span };
}

function isLiteral(expr: Expr): expr is LiteralExpr {
  return expr.kind === "string" || expr.kind === "number" || expr.kind === "boolean" || expr.kind === "null";
}

/** `-4` is a number with its sign. */
function signed(expr: Expr): Expr {
  if (expr.kind !== "negate" || expr.value.kind !== "number") return expr;
  return { ...expr.value, span: expr.span, value: expr.op === "-" ? -expr.value.value : expr.value.value };
}

const MIRRORED = { "==": "==", "<": ">", "<=": ">=", ">": "<", ">=": "<=" } as const;

function comparison(expr: Expr & { kind: "comparison" }): Formula {
  const { op, span } = expr;
  const left = signed(expr.left);
  const right = signed(expr.right);
  if (op === "!=") return negate(comparison({ ...expr, op: "==" }));
  if (op === "==" && (left.kind === "null" || right.kind === "null")) {
    const other = right.kind === "null" ? left : right;
    if (other.kind === "field") return negate(test({ kind: "exists", field: other.name, span }));
    return test({ kind: "computed", span, expr });
  }
  if (left.kind === "field" && isLiteral(right)) return withLiteral(left.name, op, right, span);
  if (right.kind === "field" && isLiteral(left)) return withLiteral(right.name, MIRRORED[op], left, span);
  const computed = test({ kind: "computed", span, expr });
  if (op === "==" && left.kind === "field" && right.kind === "field" && left.optional && right.optional) {
    // Two optional fields that are both missing are two nulls, and these are equal.
    const none = [left, right].map((field) => negate(test({ kind: "exists", field: field.name, span: field.span })));
    return join("or", [join("and", none), computed]);
  }
  return computed;
}

function withLiteral(field: string, op: ValueTest["op"], literal: LiteralExpr, span: Span): Formula {
  // A comparison with null is null.
  if (literal.kind === "null") return FALSE;
  if (literal.kind === "string" && op === "==")
    return test({ kind: "text", field, span, insensitive: false, patterns: [plain(literal.value, literal.span)] });
  return test({ kind: "value", field, span, op, value: literal.value });
}

function membership(expr: Expr & { kind: "in" }): Formula {
  if (expr.negated) return negate(membership({ ...expr, negated: false }));
  const { value, span, insensitive } = expr;
  const list = expr.list.map(signed);
  if (value.kind !== "field" || !list.every(isLiteral)) return test({ kind: "computed", span, expr });
  const patterns: TextPattern[] = [];
  const others: Formula[] = [];
  for (const member of list) {
    if (member.kind === "string") patterns.push(plain(member.value, member.span));
    else if (member.kind !== "null") others.push(withLiteral(value.name, "==", member, span));
  }
  return join("or", [...texts(value.name, patterns, insensitive, span), ...others]);
}

function match(expr: Expr & { kind: "match" }): Formula {
  const { value, patterns, span, insensitive } = expr;
  if (value.kind !== "field") return joinedMatch(expr) ?? test({ kind: "computed", span, expr });
  const wildcards = patterns.filter((pattern) => pattern.kind === "wildcard");
  const regexes = patterns.filter((pattern) => pattern.kind === "regex");
  const parts = [...texts(value.name, wildcards, insensitive, span)];
  if (regexes.length > 0) parts.push(test({ kind: "regex", field: value.name, span, insensitive, patterns: regexes }));
  for (const pattern of patterns) if (pattern.kind === "value") parts.push(withLiteral(value.name, "==", pattern.value, span));
  return join("or", parts);
}

/** Texts of two fields joined by a character, as tests of each; null where it is something else. */
function joinedMatch({ value, patterns, span, insensitive }: Expr & { kind: "match" }): Formula | null {
  const fields = joinedFields(value);
  const wildcards = patterns.filter((pattern) => pattern.kind === "wildcard");
  if (fields === null || wildcards.length < patterns.length) return null;
  const places = splitPatterns(wildcards, fields.separator);
  if (places === null) return null;
  return join(
    "or",
    places.map(({ left, right, span: at }) =>
      join("and", [
        ...texts(fields.left, [{ parts: left, span: at }], insensitive, span),
        ...texts(fields.right, [{ parts: right, span: at }], insensitive, span),
      ]),
    ),
  );
}

function texts(field: string, patterns: readonly TextPattern[], insensitive: boolean, span: Span): Formula[] {
  if (patterns.length === 0) return [];
  return [test({ kind: "text", field, span, insensitive, patterns: patterns.map(({ parts, span: at }) => ({ parts, span: at })) })];
}

const ANY: WildcardPart = { kind: "any" };

/** How the functions that test a text place it. Names are looked up in lower case, as EQL resolves them. */
const PLACED: Readonly<Record<string, (text: WildcardPart) => readonly WildcardPart[]>> = {
  startswith: (text) => [text, ANY],
  endswith: (text) => [ANY, text],
  stringcontains: (text) => [ANY, text, ANY],
};

function call(expr: Expr & { kind: "call" }): Formula {
  const { args, span, insensitive } = expr;
  const name = expr.name.toLowerCase();
  const [subject, ...rest] = args;
  if (subject?.kind === "field") {
    const place = Object.hasOwn(PLACED, name) ? PLACED[name]! : null;
    const [text] = rest;
    if (place !== null && rest.length === 1 && text?.kind === "string") {
      if (text.value === "" && name === "stringcontains") return FALSE;
      // Everything starts and ends with the empty text; as a pattern that is `*`.
      const parts = text.value === "" ? [ANY] : place({ kind: "literal", text: text.value });
      return test({ kind: "text", field: subject.name, span, insensitive, patterns: [{ parts, span: text.span }] });
    }
    const blocks = rest.flatMap((arg) => (arg.kind === "string" ? [arg.value] : []));
    if (name === "cidrmatch" && blocks.length > 0 && blocks.length === rest.length)
      return test({ kind: "cidr", field: subject.name, span, blocks });
  }
  return test({ kind: "computed", span, expr });
}

/** The fields a formula's tests read, each once. */
export function fieldsOfFormula(formula: Formula): string[] {
  const names = new Set<string>();
  const visit = (part: Formula): void => {
    if (part.kind === "test") {
      if ("field" in part.test) names.add(part.test.field);
    } else if (part.kind === "not") visit(part.operand);
    else if (part.kind !== "constant") part.operands.forEach(visit);
  };
  visit(formula);
  return [...names];
}
