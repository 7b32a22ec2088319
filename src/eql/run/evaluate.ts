/**
 * Expressions as closures over slots: every mention of a field is a slot of its own (several mentions of an array vary
 * independently), and undefined is null. Here everything is three-valued; a predicate takes only true.
 */
import { foldCase } from "../values/case.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Scalar } from "../values/fields.ts";
import { findFunction } from "../functions/index.ts";
import type { Constant } from "../functions/function.ts";
import { prepareWildcard } from "../values/match-wildcard.ts";
import { foldedOf } from "../values/folded.ts";
import { WildcardSearch } from "../values/wildcard-search.ts";
import { prepareRegex, type RegexTest } from "../regex/prepare.ts";
import { RegexList } from "../regex/regex-list.ts";
import type {
  CallExpr,
  ComparisonExpr,
  Expr,
  FieldExpr,
  InExpr,
  LiteralExpr,
  LogicalExpr,
  MatchExpr,
  Pattern,
  RegexPattern,
} from "../syntax/tree.ts";
import { TYPES, constantTest, satisfies, type OrderOp, type ValueType } from "../values/typed.ts";
import {
  arithmetic,
  compareValues,
  double,
  equalValues,
  isNumeric,
  negate,
  plainText,
  type FaultCode,
  type Value,
} from "../values/values.ts";
import type { Span } from "../span.ts";

export type Slots = (Scalar | undefined)[];
export type Evaluate = (slots: Slots) => Value | undefined;

/** What closures are made with. */
export interface EvaluateContext {
  readonly typeOf: (field: string) => ValueType;
  readonly now: number | undefined;
  readonly report: (diagnostic: Diagnostic) => void;
}

/** An expression and the fields of its slots, in order. */
export interface SlottedExpr {
  readonly evaluate: Evaluate;
  readonly fields: readonly FieldExpr[];
}

export function slotted(expr: Expr, context: EvaluateContext): SlottedExpr {
  const builder = new EvaluateBuilder(context);
  const evaluate = builder.value(expr);
  return { evaluate, fields: builder.fields };
}

export function literalValue(expr: LiteralExpr): Value | undefined {
  switch (expr.kind) {
    case "null":
      return undefined;
    case "number":
      return expr.type === "double" ? double(Number(expr.value)) : expr.value;
    default:
      return expr.value;
  }
}

export function isLiteral(expr: Expr): expr is LiteralExpr {
  return expr.kind === "string" || expr.kind === "number" || expr.kind === "boolean" || expr.kind === "null";
}

/** Whether a value matches one of the patterns, however many there are in one pass. */
function patternsTest(patterns: readonly Pattern[], insensitive: boolean, context: EvaluateContext): (value: Value) => boolean {
  const wildcards = patterns.flatMap((one) => (one.kind === "wildcard" ? prepareWildcard(one.parts, insensitive) : []));
  const regexes = patterns.flatMap((one) => (one.kind === "regex" ? (checkedRegex(one, insensitive, context) ?? []) : []));
  const constants = patterns.flatMap((one) => (one.kind === "value" ? (literalValue(one.value) ?? []) : []));
  const search = new WildcardSearch(wildcards);
  const regexList = new RegexList(regexes);
  return (value) => {
    const text = plainText(value);
    return (
      constants.some((constant) => equalValues(value, constant)) ||
      (wildcards.length > 0 && search.matchesAny(text, foldedOf(text))) ||
      regexList.test(text)
    );
  };
}

/** null (and reported) where the pattern is wrong. */
export function checkedRegex(pattern: RegexPattern, insensitive: boolean, context: EvaluateContext): RegexTest | null {
  const { regex, problem } = prepareRegex(pattern, insensitive);
  if (regex !== null) return regex;
  context.report({
    code: "eql/bad-regex",
    severity: "error",
    summary: problem.summary,
    span: pattern.span,
    labels: [{ span: regexSpan(pattern, problem.offset), text: "here" }],
    help: problem.help,
  });
  return null;
}

/** Where an offset of the pattern lies in the query; the whole pattern where escapes moved it. */
function regexSpan(pattern: RegexPattern, offset: number): Span {
  const quotes = pattern.form === "raw" ? 3 : 1;
  const straight = pattern.span.to - pattern.span.from === pattern.source.length + 2 * quotes;
  if (!straight) return pattern.span;
  const from = pattern.span.from + quotes + Math.min(offset, pattern.source.length);
  return { from, to: Math.min(from + 1, pattern.span.to) };
}

class EvaluateBuilder {
  readonly fields: FieldExpr[] = [];
  readonly #context: EvaluateContext;

  constructor(context: EvaluateContext) {
    this.#context = context;
  }

  value(expr: Expr): Evaluate {
    switch (expr.kind) {
      case "string":
      case "number":
      case "boolean":
      case "null": {
        const constant = literalValue(expr);
        return () => constant;
      }
      case "field": {
        const index = this.#slot(expr);
        const type = this.#context.typeOf(expr.name);
        if (type === "unknown") return (slots) => slots[index];
        const read: (raw: Scalar) => Value | undefined = TYPES[type].read;
        return (slots) => {
          const raw = slots[index];
          return raw === undefined ? undefined : read(raw);
        };
      }
      case "call":
        return this.#call(expr);
      case "negate": {
        const inner = this.value(expr.value);
        if (expr.op === "+") return inner;
        const narrow = this.#narrow(expr.value);
        return (slots) => {
          const value = inner(slots);
          return isNumeric(value) ? negate(value, narrow) : undefined;
        };
      }
      case "arithmetic": {
        const left = this.value(expr.left);
        const right = this.value(expr.right);
        const narrow = this.#narrow(expr.left) && this.#narrow(expr.right);
        const op = expr.op;
        return (slots) => {
          const a = left(slots);
          const b = right(slots);
          return isNumeric(a) && isNumeric(b) ? arithmetic(op, a, b, narrow) : undefined;
        };
      }
      case "comparison":
        return this.#comparison(expr);
      case "in":
        return this.#in(expr);
      case "match":
        return this.#match(expr);
      case "not": {
        const inner = this.value(expr.value);
        return (slots) => {
          const value = inner(slots);
          return typeof value === "boolean" ? !value : undefined;
        };
      }
      case "logical":
        return this.#logical(expr);
      case "any-field":
      case "lineage":
        // Neither is a value: `lower` takes the first where it may stand and reports the second.
        return () => undefined;
    }
  }

  #slot(expr: FieldExpr): number {
    return this.fields.push(expr) - 1;
  }

  /** The raw value of a field alone (its type's own comparison reads it), the value of anything else. */
  #raw(expr: Expr): Evaluate {
    if (expr.kind !== "field") return this.value(expr);
    const index = this.#slot(expr);
    return (slots) => slots[index];
  }

  #typeOf(expr: Expr): ValueType {
    return expr.kind === "field" ? this.#context.typeOf(expr.name) : "unknown";
  }

  /** An int32 whatever the event. */
  #narrow(expr: Expr): boolean {
    switch (expr.kind) {
      case "number":
        return expr.type === "integer";
      case "field":
        return this.#context.typeOf(expr.name) === "integer";
      case "negate":
        return this.#narrow(expr.value);
      case "arithmetic":
        return this.#narrow(expr.left) && this.#narrow(expr.right);
      case "call":
        return findFunction(expr.name)?.narrow === true;
      default:
        return false;
    }
  }

  #call(expr: CallExpr): Evaluate {
    const found = findFunction(expr.name);
    if (found === undefined) {
      this.#context.report({
        code: "eql/unknown-function",
        severity: "error",
        summary: `Unknown function [${expr.name}]`,
        span: expr.nameSpan,
        labels: [],
        help: null,
      });
      return () => undefined;
    }
    const constants = expr.args.map((arg): Constant => (isLiteral(arg) ? (literalValue(arg) ?? null) : undefined));
    const ready = found.prepare?.(constants, expr.insensitive);
    if (ready !== undefined && ready.problem !== null) {
      const { argument, code, summary, help } = ready.problem;
      this.#context.report({ code, severity: "error", summary, span: expr.args[argument]?.span ?? expr.span, labels: [], help });
      return () => undefined;
    }
    const prepared = ready?.prepared ?? null;
    const args = expr.args.map((arg) => this.value(arg));
    const values: (Value | undefined)[] = args.map(() => undefined);
    const insensitive = expr.insensitive;
    return (slots) => {
      for (let i = 0; i < args.length; i++) values[i] = args[i]!(slots);
      return found.run(values, insensitive, prepared);
    };
  }

  #comparison(expr: ComparisonExpr): Evaluate {
    const { op } = expr;
    if (op === "==" || op === "!=") {
      const other = expr.right.kind === "null" ? expr.left : expr.left.kind === "null" ? expr.right : null;
      if (other !== null) {
        const inner = this.value(other);
        return op === "==" ? (slots) => inner(slots) === undefined : (slots) => inner(slots) !== undefined;
      }
    }
    const compare = this.#compare(expr.left, op === "!=" ? "==" : op, expr.right);
    const left = compare.left;
    const right = compare.right;
    const test = compare.test;
    const negated = op === "!=";
    // Two optional fields may both be unmapped, and null equals null.
    const nullEqualsNull =
      (op === "==" || op === "!=") &&
      expr.left.kind === "field" &&
      expr.right.kind === "field" &&
      expr.left.optional &&
      expr.right.optional;
    return (slots) => {
      const a = left(slots);
      const b = right(slots);
      if (a === undefined || b === undefined) return nullEqualsNull ? (a === b) !== negated : undefined;
      return test(a, b) !== negated;
    };
  }

  #compare(
    left: Expr,
    op: OrderOp,
    right: Expr,
  ): { readonly left: Evaluate; readonly right: Evaluate; readonly test: (a: Value, b: Value) => boolean } {
    const leftType = this.#typeOf(left);
    const rightType = this.#typeOf(right);
    const type = leftType !== "unknown" ? leftType : rightType;
    if (type !== "unknown" && left.kind === "field" && isLiteral(right)) return this.#withConstant(left, op, right, type, false);
    if (type !== "unknown" && right.kind === "field" && isLiteral(left)) return this.#withConstant(right, MIRRORED[op], left, type, true);
    if (type === "date" || type === "date_nanos" || type === "ip" || type === "version") {
      const order = TYPES[type].compare;
      return { left: this.#raw(left), right: this.#raw(right), test: (a, b) => satisfies(op, order(a, b)) };
    }
    return {
      left: this.value(left),
      right: this.value(right),
      test: op === "==" ? equalValues : (a, b) => satisfies(op, compareValues(a, b)),
    };
  }

  #withConstant(
    field: FieldExpr,
    op: OrderOp,
    literal: LiteralExpr,
    type: ValueType,
    swapped: boolean,
  ): { readonly left: Evaluate; readonly right: Evaluate; readonly test: (a: Value, b: Value) => boolean } {
    const raw = this.#raw(field);
    const constant = literalValue(literal);
    const other: Evaluate = () => constant;
    const test =
      constant === undefined ? null : reportedTest(constantTest(type, op, constant, this.#context.now), literal.span, this.#context);
    const check =
      test === null
        ? (): boolean => false
        : swapped
          ? (_a: Value, b: Value): boolean => test(b as Scalar)
          : (a: Value): boolean => test(a as Scalar);
    return swapped ? { left: other, right: raw, test: check } : { left: raw, right: other, test: check };
  }

  #in(expr: InExpr): Evaluate {
    const type = this.#typeOf(expr.value);
    // A field is one slot however long the list, and literals read it by its type.
    const value = this.#raw(expr.value);
    const tests: ((raw: Value, slots: Slots) => boolean)[] = [];
    const texts = new Set<string>();
    for (const member of expr.list) {
      const constant = isLiteral(member) ? literalValue(member) : undefined;
      if (!isLiteral(member)) {
        const other = this.value(member);
        tests.push((raw, slots) => {
          const b = other(slots);
          return b !== undefined && (expr.insensitive ? foldCase(plainText(raw)) === foldCase(plainText(b)) : equalValues(raw, b));
        });
      } else if (typeof constant === "string" && (expr.insensitive || type === "unknown" || type === "keyword"))
        texts.add(expr.insensitive ? foldCase(constant) : constant);
      else if (constant !== undefined) {
        const test = reportedTest(constantTest(type, "==", constant, this.#context.now), member.span, this.#context);
        if (test !== null) tests.push((raw) => test(raw as Scalar));
      }
    }
    const { insensitive, negated } = expr;
    return (slots) => {
      const raw = value(slots);
      if (raw === undefined) return undefined;
      if (texts.size > 0 && texts.has(insensitive ? foldCase(plainText(raw)) : plainText(raw))) return !negated;
      for (let i = 0; i < tests.length; i++) if (tests[i]!(raw, slots)) return !negated;
      return negated;
    };
  }

  #match(expr: MatchExpr): Evaluate {
    const value = this.value(expr.value);
    const test = patternsTest(expr.patterns, expr.insensitive, this.#context);
    return (slots) => {
      const one = value(slots);
      return one === undefined ? undefined : test(one);
    };
  }

  #logical(expr: LogicalExpr): Evaluate {
    const operands = expr.operands.map((operand) => this.value(operand));
    const decisive = expr.op === "or";
    return (slots) => {
      let unknown = false;
      for (let i = 0; i < operands.length; i++) {
        const value = operands[i]!(slots);
        if (value === decisive) return decisive;
        if (value === undefined) unknown = true;
      }
      return unknown ? undefined : !decisive;
    };
  }
}

/** `3 < a` is `a > 3`. */
export const MIRRORED = { "==": "==", "<": ">", "<=": ">=", ">": "<", ">=": "<=" } as const satisfies Record<OrderOp, OrderOp>;

/** The test; null (and reported at `span`) where the literal cannot be used. */
export function reportedTest(
  literalTest: ReturnType<typeof constantTest>,
  span: Span,
  context: EvaluateContext,
): ((raw: Scalar) => boolean) | null {
  if (literalTest.problem === null) return literalTest.test;
  context.report({
    code: literalTest.problem.code,
    severity: "error",
    summary: literalTest.problem.summary,
    span,
    labels: [],
    help: literalTest.problem.help,
  });
  return null;
}

/** @param predicate the key of the compiled predicate that it is a part of; null outside of one (a key of a sequence, an argument). */
export type OnFault = (code: FaultCode, span: Span, predicate: string | null) => void;
