/**
 * A filter taken apart into predicates and what joins them: the form that is run, by closures here and by the shared plan in
 * `detect`.
 *
 * As in Elasticsearch a predicate is two-valued: over a missing field it is false, and `not` turns that into true. An array
 * matches when one of its values does; `!=`, `not in` and `not` mean that none does.
 */
import { foldCase } from "../values/case.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import {
  slotted,
  isLiteral,
  literalValue,
  plainPattern,
  regexTest,
  reportedTest,
  MIRRORED,
  type EvaluateContext,
  type OnFault,
  type Slots,
} from "./evaluate.ts";
import type { FieldAccess, Scalar, EventDocument } from "../values/fields.ts";
import { prepareWildcard, type WildcardTest } from "../values/match-wildcard.ts";
import type { AnyFieldExpr, ComparisonExpr, EventFilter, Expr, FieldExpr, InExpr, MatchExpr, Pattern } from "../syntax/tree.ts";
import { constantTest, type OrderOp, type ValueType } from "../values/typed.ts";
import { Fault, TOO_MANY_COMBINATIONS, equalValues, plainText, type Value } from "../values/values.ts";
import { foldedOf } from "../values/folded.ts";
import { someNamedValue, someValue } from "../values/fields.ts";
import type { Span } from "../span.ts";

/** Predicates and what joins them. Constants only stand alone. */
export type Condition =
  | { readonly kind: "constant"; readonly value: boolean }
  | { readonly kind: "and" | "or"; readonly operands: readonly Condition[] }
  | { readonly kind: "not"; readonly operand: Condition }
  | { readonly kind: "predicate"; readonly predicate: Predicate };

/** The smallest thing that is tested: of one field, of a field's presence, or of the whole event. */
export type Predicate = FieldPredicate | ExistsPredicate | EventPredicate;

/** True where one value of the field passes; `forms` say how, for those who test many predicates at once. */
export interface FieldPredicate {
  readonly kind: "field";
  /** Equal keys, equal predicates. */
  readonly key: string;
  readonly field: string;
  readonly forms: Forms;
  /** Of one value of the field. Never throws. */
  readonly test: (value: Scalar) => boolean;
  /** What it is where the field is missing: false but for oddities such as `concat(a, "x") == null`. */
  readonly whenMissing: boolean;
  /** What a test costs, roughly in tens of nanoseconds. */
  readonly cost: number;
}

/** A value passes when one of these says so: its plain text is in `exact`, its folded text in `folded`, or a test passes. */
export interface Forms {
  readonly exact: readonly string[];
  readonly folded: readonly string[];
  readonly wildcards: readonly WildcardTest[];
  readonly other: ((value: Scalar) => boolean) | null;
}

/** True where the field has a value. */
export interface ExistsPredicate {
  readonly kind: "exists";
  readonly key: string;
  readonly field: string;
  readonly cost: number;
}

/** Over several fields, or the whole event. */
export interface EventPredicate {
  readonly kind: "event";
  readonly key: string;
  /** The fields it reads; null: all of them. */
  readonly fields: readonly string[] | null;
  readonly test: (event: EventDocument) => boolean;
  readonly cost: number;
}

/** What lowering needs to know. */
export interface LowerOptions {
  readonly typeOf: (field: string) => ValueType;
  readonly now: number | undefined;
  readonly access: (field: string) => FieldAccess;
  readonly report: (diagnostic: Diagnostic) => void;
  readonly onFault: OnFault;
  readonly categoryField: string;
}

const TRUE: Condition = { kind: "constant", value: true };
const FALSE: Condition = { kind: "constant", value: false };
const NO_FORMS: Forms = { exact: [], folded: [], wildcards: [], other: null };

/** Combinations of array values tried for one predicate over several mentions of fields. */
const MAX_COMBINATIONS = 10_000;

/** An event filter as a condition over predicates. */
export function lowerFilter(filter: EventFilter, options: LowerOptions): Condition {
  const lowering = new Lowering(options);
  const condition = lowering.condition(filter.condition);
  if (filter.category === null) return condition;
  return all("and", [lowering.category(filter.category.value), condition]);
}

export function lowerCondition(expr: Expr, options: LowerOptions): Condition {
  return new Lowering(options).condition(expr);
}

function all(kind: "and" | "or", operands: readonly Condition[]): Condition {
  const neutral = kind === "and";
  const kept: Condition[] = [];
  for (const operand of operands) {
    if (operand.kind === "constant") {
      if (operand.value !== neutral) return operand;
    } else if (operand.kind === kind) kept.push(...operand.operands);
    else kept.push(operand);
  }
  if (kept.length === 0) return neutral ? TRUE : FALSE;
  return kept.length === 1 ? kept[0]! : { kind, operands: kept };
}

function not(operand: Condition): Condition {
  if (operand.kind === "constant") return operand.value ? FALSE : TRUE;
  return operand.kind === "not" ? operand.operand : { kind: "not", operand };
}

function hasField(expr: Expr): boolean {
  switch (expr.kind) {
    case "field":
    case "any-field":
    case "lineage":
      return true;
    case "call":
      return expr.args.some(hasField);
    case "negate":
    case "not":
    case "match":
      return hasField(expr.value);
    case "arithmetic":
    case "comparison":
      return hasField(expr.left) || hasField(expr.right);
    case "in":
      return hasField(expr.value) || expr.list.some(hasField);
    case "logical":
      return expr.operands.some(hasField);
    default:
      return false;
  }
}

class Lowering {
  readonly #o: LowerOptions;
  readonly #context: EvaluateContext;

  constructor(options: LowerOptions) {
    this.#o = options;
    this.#context = { typeOf: options.typeOf, now: options.now, report: options.report };
  }

  category(value: string): Condition {
    return this.#texts(this.#o.categoryField, [value], []);
  }

  condition(expr: Expr): Condition {
    if (!hasField(expr)) return this.#constant(expr);
    switch (expr.kind) {
      case "logical":
        return all(
          expr.op,
          expr.operands.map((operand) => this.condition(operand)),
        );
      case "not": {
        // `not null` is null and selects nothing; only a literal can be null here.
        if (!hasField(expr.value)) return this.#constant(expr);
        return not(this.condition(expr.value));
      }
      case "comparison":
        return this.#comparison(expr);
      case "in":
        return this.#in(expr);
      case "match":
        return this.#match(expr);
      case "field":
        return this.#field(
          expr.name,
          `${this.#typed(expr)} true`,
          expr.span,
          { ...NO_FORMS, other: this.#o.typeOf(expr.name) === "unknown" ? (v) => v === true : (v) => v === true || v === "true" },
          2,
        );
      case "any-field":
        return this.#anyField(expr);
      case "lineage":
        this.#o.report({
          code: "eql/lineage",
          severity: "error",
          summary: `\`${expr.relation} of\` is not supported`,
          span: expr.span,
          labels: [],
          help: null,
        });
        return FALSE;
      default:
        return this.#general(expr);
    }
  }

  #constant(expr: Expr): Condition {
    const { evaluate } = slotted(expr, this.#context);
    try {
      return evaluate([]) === true ? TRUE : FALSE;
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      this.#o.onFault(error.code, expr.span);
      return FALSE;
    }
  }

  #typed(expr: FieldExpr): string {
    return `${expr.name}\u0000${this.#o.typeOf(expr.name)}`;
  }

  #comparison(expr: ComparisonExpr): Condition {
    const { op } = expr;
    if (op === "!=") return not(this.#comparison({ ...expr, op: "==" }));
    if (op === "==" && (expr.right.kind === "null" || expr.left.kind === "null")) {
      return not(this.#exists(expr.right.kind === "null" ? expr.left : expr.right));
    }
    if (expr.left.kind === "field" && isLiteral(expr.right)) return this.#withLiteral(expr.left, op, expr.right);
    if (expr.right.kind === "field" && isLiteral(expr.left)) return this.#withLiteral(expr.right, MIRRORED[op], expr.left);
    if (op === "==" && expr.left.kind === "field" && expr.right.kind === "field" && expr.left.optional && expr.right.optional) {
      // Two optional fields that are both missing are two nulls, and these are equal.
      return {
        kind: "or",
        operands: [{ kind: "and", operands: [not(this.#exists(expr.left)), not(this.#exists(expr.right))] }, this.#general(expr)],
      };
    }
    return this.#general(expr);
  }

  #exists(expr: Expr): Condition {
    if (expr.kind === "field")
      return { kind: "predicate", predicate: { kind: "exists", key: `exists ${expr.name}`, field: expr.name, cost: 1 } };
    return this.#general(expr, true);
  }

  #withLiteral(field: FieldExpr, op: OrderOp, literal: Expr & { kind: "string" | "number" | "boolean" | "null" }): Condition {
    const value = literalValue(literal);
    if (value === undefined) return FALSE;
    const type = this.#o.typeOf(field.name);
    if (op === "==" && typeof value === "string" && (type === "keyword" || type === "unknown")) return this.#texts(field.name, [value], []);
    const test = reportedTest(constantTest(type, op, value, this.#o.now), literal.span, this.#context);
    if (test === null) return FALSE;
    return this.#field(
      field.name,
      `${this.#typed(field)} ${op} ${keyOf(value)}`,
      literal.span,
      { ...NO_FORMS, other: test },
      type === "date" || type === "date_nanos" ? 60 : type === "ip" || type === "version" ? 20 : 2,
    );
  }

  /** The field's text is one of some, as it is or folded. */
  #texts(field: string, exact: readonly string[], folded: readonly string[]): Condition {
    const forms = { ...NO_FORMS, exact: [...new Set(exact)].sort(), folded: [...new Set(folded)].sort() };
    return this.#field(field, `${field} text ${JSON.stringify([forms.exact, forms.folded])}`, null, forms, folded.length > 0 ? 5 : 2);
  }

  #in(expr: InExpr): Condition {
    const condition = this.#membership(expr);
    return expr.negated ? not(condition) : condition;
  }

  #membership(expr: InExpr): Condition {
    if (expr.value.kind !== "field" || !expr.list.every(isLiteral)) return this.#general({ ...expr, negated: false });
    const field = expr.value;
    const type = this.#o.typeOf(field.name);
    const values = expr.list.filter(isLiteral).map((member) => ({ member, value: literalValue(member) }));
    const texts: string[] = [];
    const tests: ((raw: Scalar) => boolean)[] = [];
    const keys: string[] = [];
    for (const { member, value } of values) {
      if (typeof value === "string" && (expr.insensitive || type === "keyword" || type === "unknown"))
        texts.push(expr.insensitive ? foldCase(value) : value);
      else if (value !== undefined) {
        const test = reportedTest(constantTest(type, "==", value, this.#o.now), member.span, this.#context);
        if (test !== null) {
          tests.push(test);
          keys.push(keyOf(value));
        }
      }
    }
    if (tests.length === 0) return this.#texts(field.name, expr.insensitive ? [] : texts, expr.insensitive ? texts : []);
    const forms: Forms = {
      exact: expr.insensitive ? [] : texts,
      folded: expr.insensitive ? texts : [],
      wildcards: [],
      other: anyOf(tests),
    };
    return this.#field(
      field.name,
      `${this.#typed(field)} in ${JSON.stringify([expr.insensitive, texts, keys])}`,
      expr.span,
      forms,
      4 + tests.length,
    );
  }

  #match(expr: MatchExpr): Condition {
    if (expr.value.kind !== "field") return this.#general(expr);
    const field = expr.value;
    const { forms, key, cost } = this.#patterns(expr.patterns, expr.op, expr.insensitive);
    if (forms.wildcards.length === 0 && forms.other === null) return this.#texts(field.name, forms.exact, forms.folded);
    return this.#field(field.name, `${field.name} ${key}`, expr.span, forms, cost);
  }

  #patterns(
    patterns: readonly Pattern[],
    op: MatchExpr["op"],
    insensitive: boolean,
  ): { readonly forms: Forms; readonly key: string; readonly cost: number } {
    const texts: string[] = [];
    const wildcards: WildcardTest[] = [];
    const tests: ((raw: Scalar) => boolean)[] = [];
    let cost = 5;
    for (const pattern of patterns) {
      const plain = plainPattern(pattern);
      if (plain !== null) texts.push(insensitive ? foldCase(plain) : plain);
      else if (pattern.kind === "wildcard") {
        wildcards.push(prepareWildcard(pattern.parts, insensitive));
        cost += 6;
      } else if (pattern.kind === "value") {
        const value = literalValue(pattern.value);
        if (value !== undefined) tests.push((raw) => equalValues(raw, value));
      } else {
        const test = regexTest(pattern, op, insensitive, this.#context);
        if (test !== null) tests.push((raw) => test(plainText(raw)));
        cost += 50;
      }
    }
    const described = patterns.map((pattern) =>
      pattern.kind === "wildcard"
        ? pattern.parts
        : pattern.kind === "value"
          ? keyOf(literalValue(pattern.value) ?? false)
          : [pattern.flavour, pattern.flags, pattern.source],
    );
    return {
      forms: {
        exact: insensitive ? [] : texts,
        folded: insensitive ? texts : [],
        wildcards,
        other: tests.length === 0 ? null : anyOf(tests),
      },
      key: `match ${JSON.stringify([insensitive, described])}`,
      cost,
    };
  }

  #anyField(expr: AnyFieldExpr): Condition {
    const { forms, key, cost } = this.#patterns(expr.patterns, ":", expr.insensitive);
    const test = this.#guarded(testOf(forms), expr.span);
    if (expr.names === undefined) {
      return {
        kind: "predicate",
        predicate: { kind: "event", key: `any-field ${key}`, fields: null, test: (event) => someValue(event, test), cost: cost * 40 },
      };
    }
    const named = prepareWildcard(expr.names, false);
    return {
      kind: "predicate",
      predicate: {
        kind: "event",
        key: `fields ${JSON.stringify(expr.names)} ${key}`,
        fields: null,
        test: (event) => someNamedValue(event, (name) => named.test(name), test),
        cost: cost * 60,
      },
    };
  }

  /** A predicate that is no plain test of one field; with `exists`, whether it has a value at all. */
  #general(expr: Expr, exists = false): Condition {
    const { evaluate, fields } = slotted(expr, this.#context);
    const key = `${exists ? "some" : "true"} ${JSON.stringify(expr, (name, value: unknown) => (name.toLowerCase().endsWith("span") ? undefined : typeof value === "bigint" ? `${value}n` : value))}${fields.map((field) => this.#o.typeOf(field.name)).join(",")}`;
    const passes = exists
      ? (value: Value | undefined): boolean => value !== undefined
      : (value: Value | undefined): boolean => value === true;
    const fault = this.#o.onFault;
    const run = (slots: Slots): boolean => {
      try {
        return passes(evaluate(slots));
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        fault(error.code, expr.span);
        return false;
      }
    };
    if (fields.length === 1) {
      const slots: Slots = [undefined];
      const whenMissing = run(slots);
      const test = (value: Scalar): boolean => {
        slots[0] = value;
        return run(slots);
      };
      return {
        kind: "predicate",
        predicate: { kind: "field", key, field: fields[0]!.name, forms: { ...NO_FORMS, other: test }, test, whenMissing, cost: 30 },
      };
    }
    const names = fields.map((field) => field.name);
    const accesses = names.map((name) => this.#o.access(name));
    const combine = combinations(accesses, run, () => fault(TOO_MANY_COMBINATIONS.code, expr.span));
    return {
      kind: "predicate",
      predicate: { kind: "event", key, fields: [...new Set(names)], test: combine, cost: 30 + 10 * names.length },
    };
  }

  #field(field: string, key: string, span: Span | null, forms: Forms, cost: number): Condition {
    const test = testOf(forms);
    const guarded = forms.other === null || span === null ? test : this.#guarded(test, span);
    const shown = guarded === test || forms.other === null ? forms : { ...forms, other: this.#guarded(forms.other, span!) };
    return { kind: "predicate", predicate: { kind: "field", key, field, forms: shown, test: guarded, whenMissing: false, cost } };
  }

  #guarded(test: (value: Scalar) => boolean, span: Span): (value: Scalar) => boolean {
    const fault = this.#o.onFault;
    return (value) => {
      try {
        return test(value);
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        fault(error.code, span);
        return false;
      }
    };
  }
}

function keyOf(value: Value): string {
  return typeof value === "string"
    ? JSON.stringify(value)
    : typeof value === "object"
      ? `${value.value}d`
      : `${value}${typeof value === "bigint" ? "n" : ""}`;
}

function anyOf(tests: readonly ((raw: Scalar) => boolean)[]): (raw: Scalar) => boolean {
  if (tests.length === 1) return tests[0]!;
  return (raw) => {
    for (let i = 0; i < tests.length; i++) if (tests[i]!(raw)) return true;
    return false;
  };
}

/** One value against all forms, the cheap ones first. */
function testOf(forms: Forms): (value: Scalar) => boolean {
  const parts: ((raw: Scalar) => boolean)[] = [];
  if (forms.exact.length === 1) {
    const only = forms.exact[0]!;
    parts.push((raw) => (typeof raw === "string" ? raw === only : plainText(raw) === only));
  } else if (forms.exact.length > 1) {
    const set = new Set(forms.exact);
    parts.push((raw) => set.has(typeof raw === "string" ? raw : plainText(raw)));
  }
  if (forms.folded.length === 1) {
    // Folding keeps the length.
    const only = forms.folded[0]!;
    parts.push((raw) => {
      const text = typeof raw === "string" ? raw : plainText(raw);
      return text.length === only.length && foldedOf(text) === only;
    });
  } else if (forms.folded.length > 1) {
    const set = new Set(forms.folded);
    const shortest = Math.min(...forms.folded.map((text) => text.length));
    const longest = Math.max(...forms.folded.map((text) => text.length));
    parts.push((raw) => {
      const text = typeof raw === "string" ? raw : plainText(raw);
      return text.length >= shortest && text.length <= longest && set.has(foldedOf(text));
    });
  }
  for (const { test, insensitive } of forms.wildcards) {
    parts.push(
      insensitive
        ? (raw) => test(foldedOf(typeof raw === "string" ? raw : plainText(raw)))
        : (raw) => test(typeof raw === "string" ? raw : plainText(raw)),
    );
  }
  if (forms.other !== null) parts.push(forms.other);
  return parts.length === 0 ? () => false : anyOf(parts);
}

/** True where some choice of one value for each mention passes. A missing field is chosen as null, once. */
function combinations(
  accesses: readonly FieldAccess[],
  run: (slots: Slots) => boolean,
  tooMany: () => void,
): (event: EventDocument) => boolean {
  const slots: Slots = accesses.map(() => undefined);
  const choices: (Scalar | undefined | readonly Scalar[])[] = accesses.map(() => undefined);
  const indexes = accesses.map(() => 0);
  return (event) => {
    let count = 1;
    for (let i = 0; i < accesses.length; i++) {
      const value = accesses[i]!(event);
      choices[i] = value;
      indexes[i] = 0;
      if (typeof value === "object") {
        count *= value.length;
        slots[i] = value[0];
      } else slots[i] = value;
    }
    if (count > MAX_COMBINATIONS) {
      tooMany();
      count = MAX_COMBINATIONS;
    }
    for (;;) {
      if (run(slots)) return true;
      if (--count <= 0) return false;
      let at = accesses.length - 1;
      for (; at >= 0; at--) {
        const choice = choices[at];
        if (typeof choice !== "object") continue;
        const next = (indexes[at] = indexes[at]! + 1);
        if (next < choice.length) {
          slots[at] = choice[next];
          break;
        }
        indexes[at] = 0;
        slots[at] = choice[0];
      }
      if (at < 0) return false;
    }
  };
}
