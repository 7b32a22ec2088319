/** Nodes of the tree, made short, for the languages that become it. */
import type { Span } from "../span.ts";
import type { CallExpr, Expr, FieldExpr, NumberExpr, Pattern, StringExpr, WildcardPart } from "./tree.ts";

function field(name: string, span: Span): FieldExpr {
  return { kind: "field", span, name, optional: false, index: null };
}

function string(value: string, span: Span): StringExpr {
  return { kind: "string", span, value, form: "quoted" };
}

function number(value: number | bigint, span: Span): NumberExpr {
  if (typeof value === "bigint") {
    const long = value >= -(2n ** 63n) && value < 2n ** 63n;
    return { kind: "number", span, value: long ? value : Number(value), type: long ? "long" : "double" };
  }
  const type = !Number.isInteger(value)
    ? "double"
    : Math.abs(value) < 2 ** 31
      ? "integer"
      : Number.isSafeInteger(value)
        ? "long"
        : "double";
  return { kind: "number", span, value, type };
}

function call(name: string, args: readonly Expr[], insensitive: boolean, span: Span): CallExpr {
  return { kind: "call", span, name, nameSpan: span, insensitive, args };
}

/** Flat: nested nodes of the same kind are taken in. */
function all(operands: readonly Expr[], span: Span): Expr {
  return logical("and", operands, span);
}

function any(operands: readonly Expr[], span: Span): Expr {
  return logical("or", operands, span);
}

function logical(op: "and" | "or", operands: readonly Expr[], span: Span): Expr {
  const flat = operands.flatMap((operand) => (operand.kind === "logical" && operand.op === op ? operand.operands : [operand]));
  if (flat.length === 0) return { kind: "boolean", span, value: op === "and" };
  return flat.length === 1 ? flat[0]! : { kind: "logical", span, op, operands: flat };
}

function not(value: Expr, span: Span): Expr {
  return value.kind === "not" ? value.value : { kind: "not", span, value };
}

function isMissing(name: string, span: Span): Expr {
  return { kind: "comparison", span, op: "==", left: field(name, span), right: { kind: "null", span } };
}

function exists(name: string, span: Span): Expr {
  return { kind: "comparison", span, op: "!=", left: field(name, span), right: { kind: "null", span } };
}

function wildcard(parts: readonly WildcardPart[], span: Span): Pattern {
  return { kind: "wildcard", span, parts, form: "quoted" };
}

function literal(text: string, span: Span): Pattern {
  return wildcard(text === "" ? [] : [{ kind: "literal", text }], span);
}

/** A field against patterns, wildcards or regular expressions (never both), any of which is enough. */
function matches(value: Expr, patterns: readonly Pattern[], insensitive: boolean, span: Span): Expr {
  const op = patterns[0]?.kind === "regex" ? "regex" : insensitive ? ":" : "like";
  return { kind: "match", span, op, insensitive: op === "regex" ? false : insensitive, value, patterns, list: patterns.length > 1 };
}

/** The field's text is one of some, in any case of letters. */
function textIn(name: string, texts: readonly string[], span: Span): Expr {
  return matches(
    field(name, span),
    texts.map((text) => literal(text, span)),
    true,
    span,
  );
}

/** Shorthands for nodes of the tree, all with the span they are given. */
export const make = { field, string, number, call, all, any, not, isMissing, exists, wildcard, literal, matches, textIn } as const;
