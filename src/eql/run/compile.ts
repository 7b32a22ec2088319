import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { slotted, type OnFault } from "./evaluate.ts";
import { fieldAccess, type EventDocument, type FieldAccess, type Scalar } from "../values/fields.ts";
import type { Condition } from "../condition/condition.ts";
import type { CompiledPredicate } from "./compiled-predicate.ts";
import { lowerCondition, lowerFilter, type LowerOptions } from "./lower.ts";
import { valueType, type FieldTypes } from "../values/field-types.ts";
import type { EventFilter, Expr } from "../syntax/tree.ts";
import { Fault, type Value } from "../values/values.ts";

/** What a condition is compiled with. */
export interface CompileOptions {
  /** Types of the fields; without one the data gives them. */
  readonly schema?: FieldTypes;
  /** The field that holds the category; default `event.category`. */
  readonly categoryField?: string;
  /** What `now` means in date literals, epoch milliseconds. */
  readonly now?: number;
  /** Where a field's values come from; default `fieldAccess`. */
  readonly access?: (field: string) => FieldAccess;
  /**
   * Called with what only compiling finds: a bad regular expression, IP block, date. The predicate concerned is never true.
   */
  readonly onDiagnostic?: (diagnostic: Diagnostic) => void;
  /**
   * Called each time a predicate could not be computed on an event (division by zero, overflow, a text that is no number or IP
   * address). Elasticsearch fails the whole query; here the predicate is false, and the caller counts and warns.
   */
  readonly onFault?: OnFault;
}

/** A compiled condition: true where the event satisfies it. */
export type EventTest = (event: EventDocument) => boolean;

/** A filter as a closure. Never throws; on an event that does not match it allocates nothing. */
export function compileFilter(filter: EventFilter, options: CompileOptions = {}): EventTest {
  const lowering = lowerOptions(options);
  return closeCondition(lowerFilter(filter, lowering), lowering.access);
}

/** A condition without a category, such as an exception's. */
export function compileCondition(expr: Expr, options: CompileOptions = {}): EventTest {
  const lowering = lowerOptions(options);
  return closeCondition(lowerCondition(expr, lowering), lowering.access);
}

/** An expression's value; of an array the first value, undefined where it is missing or could not be computed. */
export function compileExpr(expr: Expr, options: CompileOptions = {}): (event: EventDocument) => Value | undefined {
  const lowering = lowerOptions(options);
  const { evaluate, fields } = slotted(expr, { ...lowering, report: lowering.report ?? ignore });
  const accesses = fields.map((field) => lowering.access(field.name));
  const slots: (Scalar | undefined)[] = accesses.map(() => undefined);
  return (event) => {
    for (let i = 0; i < accesses.length; i++) {
      const value = accesses[i]!(event);
      slots[i] = typeof value === "object" ? value[0] : value;
    }
    try {
      return evaluate(slots);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      lowering.onFault(error.code, expr.span, null);
      return undefined;
    }
  };
}

/** The options as lowering takes them, with defaults for what is not given. */
export function lowerOptions(options: CompileOptions): LowerOptions {
  const { schema } = options;
  return {
    typeOf: (field) => valueType(schema, field),
    now: options.now,
    access: options.access ?? ((field) => fieldAccess(schema?.sourceOf?.(field) ?? field, nullValue(schema?.nullValueOf?.(field)))),
    report: options.onDiagnostic ?? null,
    onFault: options.onFault ?? ignore,
    categoryField: options.categoryField ?? "event.category",
  };
}

function nullValue(value: Scalar | undefined): { readonly nullValue?: Scalar } {
  return value === undefined ? {} : { nullValue: value };
}

function ignore(): void {
  // The caller does not want to know.
}

function closeCondition(condition: Condition<CompiledPredicate>, access: (field: string) => FieldAccess): EventTest {
  switch (condition.kind) {
    case "constant": {
      const { value } = condition;
      return () => value;
    }
    case "not": {
      const inner = closeCondition(condition.operand, access);
      return (event) => !inner(event);
    }
    case "predicate":
      return closePredicate(condition.predicate, access);
    case "and":
    case "or": {
      const tests = [...condition.operands].sort((a, b) => costOf(a) - costOf(b)).map((operand) => closeCondition(operand, access));
      return condition.kind === "and" ? every(tests) : some(tests);
    }
  }
}

function every(tests: readonly EventTest[]): EventTest {
  const [a, b, c] = tests;
  if (tests.length === 2) return (event) => a!(event) && b!(event);
  if (tests.length === 3) return (event) => a!(event) && b!(event) && c!(event);
  return (event) => {
    for (let i = 0; i < tests.length; i++) if (!tests[i]!(event)) return false;
    return true;
  };
}

function some(tests: readonly EventTest[]): EventTest {
  const [a, b, c] = tests;
  if (tests.length === 2) return (event) => a!(event) || b!(event);
  if (tests.length === 3) return (event) => a!(event) || b!(event) || c!(event);
  return (event) => {
    for (let i = 0; i < tests.length; i++) if (tests[i]!(event)) return true;
    return false;
  };
}

function costOf(condition: Condition<CompiledPredicate>): number {
  switch (condition.kind) {
    case "constant":
      return 0;
    case "predicate":
      return condition.predicate.cost;
    case "not":
      return costOf(condition.operand);
    default:
      return condition.operands.reduce((sum, operand) => sum + costOf(operand), 0);
  }
}

function closePredicate(predicate: CompiledPredicate, access: (field: string) => FieldAccess): EventTest {
  switch (predicate.kind) {
    case "event":
      return predicate.test;
    case "exists": {
      const read = access(predicate.field);
      return (event) => read(event) !== undefined;
    }
    case "field": {
      const read = access(predicate.field);
      const { test, whenMissing } = predicate;
      return (event) => {
        const value = read(event);
        if (value === undefined) return whenMissing;
        if (typeof value !== "object") return test(value);
        for (let i = 0; i < value.length; i++) if (test(value[i]!)) return true;
        return false;
      };
    }
  }
}
