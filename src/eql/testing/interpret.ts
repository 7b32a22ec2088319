/**
 * The language once more, as plainly as it can be written: a walk over the tree for every event. Only tests use it, to hold the
 * compiled closures and the shared plan against. It shares the functions and the arithmetic with them, nothing else.
 */
import { foldCase } from "../values/case.ts";
import type { EventDocument, Scalar } from "../values/fields.ts";
import { findFunction } from "../functions/index.ts";
import { prepareRegex } from "../regex/prepare.ts";
import type { EventFilter, Expr, LiteralExpr, Pattern, WildcardPart } from "../syntax/tree.ts";
import { Fault, arithmetic, compareValues, double, equalValues, isNumeric, negate, plainText, type Value } from "../values/values.ts";

/** Whether the event matches. Without a schema: the data gives the types. */
export function interpretFilter(filter: EventFilter, event: EventDocument, categoryField = "event.category"): boolean {
  if (filter.category !== null && !valuesOf(event, categoryField.split(".")).some((value) => plainText(value) === filter.category!.value))
    return false;
  return holds(filter.condition, event);
}

/** Every value of the field, by trying each way to cut its name into keys. */
export function valuesOf(at: unknown, path: readonly string[]): Scalar[] {
  if (Array.isArray(at)) return at.flatMap((element) => valuesOf(element, path));
  if (path.length === 0)
    return typeof at === "string" || typeof at === "number" || typeof at === "boolean" || typeof at === "bigint" ? [at] : [];
  if (typeof at !== "object" || at === null) return [];
  const found: Scalar[] = [];
  for (let n = 1; n <= path.length; n++) {
    const key = path.slice(0, n).join(".");
    if (Object.hasOwn(at, key)) found.push(...valuesOf((at as EventDocument)[key], path.slice(n)));
  }
  return found;
}

function holds(expr: Expr, event: EventDocument): boolean {
  if (isConstant(expr)) return guarded(() => value(expr, [])) === true;
  switch (expr.kind) {
    case "logical":
      return expr.op === "and"
        ? expr.operands.every((operand) => holds(operand, event))
        : expr.operands.some((operand) => holds(operand, event));
    case "not":
      if (isConstant(expr.value)) return guarded(() => value(expr, [])) === true;
      return !holds(expr.value, event);
    case "comparison":
      if (expr.op === "!=") return !holds({ ...expr, op: "==" }, event);
      if (expr.op === "==" && (expr.left.kind === "null" || expr.right.kind === "null")) {
        return !anyChoice(expr.left.kind === "null" ? expr.right : expr.left, event, (result) => result !== undefined);
      }
      if (expr.op === "==" && expr.left.kind === "field" && expr.right.kind === "field" && expr.left.optional && expr.right.optional) {
        const missing = [expr.left, expr.right].every((field) => valuesOf(event, field.name.split(".")).length === 0);
        if (missing) return true;
      }
      return anyChoice(expr, event, (result) => result === true);
    case "in":
      if (expr.negated) return !holds({ ...expr, negated: false }, event);
      return anyChoice(expr, event, (result) => result === true);
    case "field":
      // A condition by itself: a truth value, also one that the data writes as text.
      return anyChoice(expr, event, (result) => result === true || result === "true");
    case "any-field":
      return everyScalar(event).some((scalar) =>
        expr.patterns.some((pattern) => guarded(() => patternHolds(pattern, scalar, expr.insensitive)) === true),
      );
    default:
      return anyChoice(expr, event, (result) => result === true);
  }
}

function everyScalar(at: unknown): Scalar[] {
  if (typeof at === "object" && at !== null) return Object.values(at).flatMap(everyScalar);
  return valuesOf(at, []);
}

/** The fields an expression mentions, once for each mention. */
function mentions(expr: Expr): string[] {
  switch (expr.kind) {
    case "field":
      return [expr.name];
    case "call":
      return expr.args.flatMap(mentions);
    case "negate":
    case "not":
    case "match":
      return mentions(expr.value);
    case "arithmetic":
    case "comparison":
      return [...mentions(expr.left), ...mentions(expr.right)];
    case "in":
      return [...mentions(expr.value), ...expr.list.flatMap(mentions)];
    case "logical":
      return expr.operands.flatMap(mentions);
    default:
      return [];
  }
}

/** Neither a field nor a search over all of them. */
function isConstant(expr: Expr): boolean {
  return (
    mentions(expr).length === 0 &&
    !JSON.stringify(expr, (_key, part: unknown) => (typeof part === "bigint" ? String(part) : part)).includes('"kind":"any-field"')
  );
}

/** Tries every choice of one value for each mention. */
function anyChoice(expr: Expr, event: EventDocument, passes: (result: Value | undefined) => boolean): boolean {
  const choose = (left: readonly string[], chosen: readonly (Scalar | undefined)[]): boolean => {
    const [field, ...rest] = left;
    if (field === undefined) {
      try {
        return passes(value(expr, [...chosen]));
      } catch (error) {
        if (error instanceof Fault) return false;
        throw error;
      }
    }
    const values: (Scalar | undefined)[] = valuesOf(event, field.split("."));
    return (values.length === 0 ? [undefined] : values).some((one) => choose(rest, [...chosen, one]));
  };
  return choose(mentions(expr), []);
}

function guarded<T>(compute: () => T): T | undefined {
  try {
    return compute();
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

function literal(expr: LiteralExpr): Value | undefined {
  return expr.kind === "null" ? undefined : expr.kind === "number" && expr.type === "double" ? double(Number(expr.value)) : expr.value;
}

/** Takes the chosen values from the front of `chosen`, one for each mention in order. */
function value(expr: Expr, chosen: (Scalar | undefined)[]): Value | undefined {
  switch (expr.kind) {
    case "string":
    case "number":
    case "boolean":
    case "null":
      return literal(expr);
    case "field":
      return chosen.shift();
    case "call": {
      const found = findFunction(expr.name)!;
      const constants = expr.args.map((arg) =>
        arg.kind === "null" ? null : arg.kind === "string" || arg.kind === "number" || arg.kind === "boolean" ? literal(arg) : undefined,
      );
      const prepared = found.prepare?.(constants, expr.insensitive);
      const args = expr.args.map((arg) => value(arg, chosen));
      return prepared !== undefined && prepared.problem !== null
        ? undefined
        : found.run(args, expr.insensitive, prepared?.prepared ?? null);
    }
    case "negate": {
      const inner = value(expr.value, chosen);
      return expr.op === "+" ? inner : isNumeric(inner) ? negate(inner, false) : undefined;
    }
    case "arithmetic": {
      const a = value(expr.left, chosen);
      const b = value(expr.right, chosen);
      return isNumeric(a) && isNumeric(b) ? arithmetic(expr.op, a, b, false) : undefined;
    }
    case "comparison": {
      const a = value(expr.left, chosen);
      const b = value(expr.right, chosen);
      if ((expr.op === "==" || expr.op === "!=") && (expr.left.kind === "null" || expr.right.kind === "null")) {
        return ((expr.left.kind === "null" ? b : a) === undefined) === (expr.op === "==");
      }
      if (a === undefined || b === undefined) return undefined;
      const order = expr.op === "==" || expr.op === "!=" ? 0 : compareValues(a, b);
      return {
        "==": () => equalValues(a, b),
        "!=": () => !equalValues(a, b),
        "<": () => order < 0,
        "<=": () => order <= 0,
        ">": () => order > 0,
        ">=": () => order >= 0,
      }[expr.op]();
    }
    case "in": {
      const a = value(expr.value, chosen);
      const list = expr.list.map((member) => value(member, chosen));
      if (a === undefined) return undefined;
      const found = list.some(
        (b) =>
          b !== undefined &&
          (expr.insensitive && (typeof a === "string" || typeof b === "string")
            ? foldCase(plainText(a)) === foldCase(plainText(b))
            : equalValues(a, b)),
      );
      return found !== expr.negated;
    }
    case "match": {
      const a = value(expr.value, chosen);
      return a === undefined ? undefined : expr.patterns.some((pattern) => patternHolds(pattern, a, expr.insensitive));
    }
    case "not": {
      const inner = value(expr.value, chosen);
      return typeof inner === "boolean" ? !inner : undefined;
    }
    case "logical": {
      const decisive = expr.op === "or";
      // Each operand has its own share of the choices: after one that decides, the others are not evaluated and throw nothing.
      const shares = expr.operands.map((operand) => [operand, chosen.splice(0, mentions(operand).length)] as const);
      let unknown = false;
      for (const [operand, share] of shares) {
        const result = value(operand, share);
        if (result === decisive) return decisive;
        unknown ||= result === undefined;
      }
      return unknown ? undefined : !decisive;
    }
    default:
      return undefined;
  }
}

function patternHolds(pattern: Pattern, a: Value, insensitive: boolean): boolean {
  if (pattern.kind === "value") {
    const b = literal(pattern.value);
    return b !== undefined && equalValues(a, b);
  }
  if (pattern.kind === "regex") return prepareRegex(pattern, insensitive).regex?.test(plainText(a)) ?? false;
  const text = [...(insensitive ? foldCase(plainText(a)) : plainText(a))];
  return wildcard(pattern.parts, text, insensitive);
}

function wildcard(parts: readonly WildcardPart[], text: readonly string[], insensitive: boolean): boolean {
  const [part, ...rest] = parts;
  if (part === undefined) return text.length === 0;
  if (part.kind === "one") return text.length > 0 && wildcard(rest, text.slice(1), insensitive);
  if (part.kind === "any") return text.some((_, i) => wildcard(rest, text.slice(i), insensitive)) || wildcard(rest, [], insensitive);
  const literalText = [...(insensitive ? foldCase(part.text) : part.text)];
  return literalText.every((char, i) => text[i] === char) && wildcard(rest, text.slice(literalText.length), insensitive);
}
