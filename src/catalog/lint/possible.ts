/**
 * What can become of a condition on the events one source produces: can it be true, can it be false, and if it can never be true, why?
 *
 * An abstract run of the tree over an `EventShape`: a field the shape does not list is missing on every event, a field with a closed set of values
 * holds one or more of them, everything else may be anything. Missing makes every predicate false and `not` inverts that, as
 * the engine does.
 */
import type { EventShape } from "../../ecs/index.ts";
import type { EventFilter, Expr, Pattern, Span, WildcardPart } from "../../eql/index.ts";

export interface Outcome {
  readonly canBeTrue: boolean;
  readonly canBeFalse: boolean;
  /** Why it cannot be true; empty where it can. */
  readonly reasons: readonly Reason[];
}

export interface Reason {
  readonly kind: "absent" | "value" | "category";
  readonly field: string;
  readonly span: Span;
  /** For `value` and `category`: what was asked for and what the source sets. */
  readonly asked: readonly string[];
  readonly set: readonly string[];
}

const MAYBE: Outcome = { canBeTrue: true, canBeFalse: true, reasons: [] };
const ALWAYS: Outcome = { canBeTrue: true, canBeFalse: false, reasons: [] };
const never = (...reasons: readonly Reason[]): Outcome => ({ canBeTrue: false, canBeFalse: true, reasons });

/** Fields every event of every source carries, whatever the shape lists. */
const EVERYWHERE = new Set(["@timestamp", "ecs.version", "event.kind", "event.created", "event.ingested", "message", "tags", "labels"]);

/** The closed value set of a field on this shape; undefined where it is open or the field absent. */
function closedSet(field: string, shape: EventShape): readonly string[] | undefined {
  switch (field) {
    case "event.category":
      return shape.category;
    case "event.type":
      return shape.type;
    case "event.action":
      return shape.action;
    case "event.code":
      return shape.codes;
    default:
      return undefined;
  }
}

export function isSet(field: string, shape: EventShape): boolean {
  const closed = closedSet(field, shape);
  if (closed !== undefined) return closed.length > 0;
  if (EVERYWHERE.has(field) || fieldSet(shape).has(field)) return true;
  // A flattened or keyed object: `process.hash.*` declared as a whole, or a parent field asked for as an object.
  for (let at = field.lastIndexOf("."); at > 0; at = field.lastIndexOf(".", at - 1)) {
    if (fieldSet(shape).has(`${field.slice(0, at)}.*`)) return true;
  }
  return false;
}

const sets = new WeakMap<EventShape, ReadonlySet<string>>();
function fieldSet(shape: EventShape): ReadonlySet<string> {
  let set = sets.get(shape);
  if (set === undefined) {
    set = new Set(shape.fields);
    sets.set(shape, set);
  }
  return set;
}

/** Does `category where` admit events of the shape at all? `any` does. */
export function admits(filter: EventFilter, shape: EventShape): boolean {
  return filter.category === null || shape.category.includes(filter.category.value);
}

export function possible(expr: Expr, shape: EventShape): Outcome {
  switch (expr.kind) {
    case "boolean":
      return expr.value ? ALWAYS : never();
    case "not": {
      const inner = possible(expr.value, shape);
      return { canBeTrue: inner.canBeFalse, canBeFalse: inner.canBeTrue, reasons: [] };
    }
    case "logical": {
      const parts = expr.operands.map((operand) => possible(operand, shape));
      if (expr.op === "and") {
        const blocking = parts.filter((part) => !part.canBeTrue);
        return {
          canBeTrue: blocking.length === 0,
          canBeFalse: parts.some((part) => part.canBeFalse),
          reasons: blocking.flatMap((part) => part.reasons),
        };
      }
      const canBeTrue = parts.some((part) => part.canBeTrue);
      return {
        canBeTrue,
        canBeFalse: parts.every((part) => part.canBeFalse),
        reasons: canBeTrue ? [] : parts.flatMap((part) => part.reasons),
      };
    }
    case "comparison":
      return comparison(expr, shape);
    case "in": {
      const field = fieldOf(expr.value);
      if (field === null) return absentIn(expr, shape);
      const asked = expr.list.flatMap((item) => (item.kind === "string" ? [item.value] : []));
      const outcome = membership(
        field,
        asked.length === expr.list.length ? asked : null,
        expr.insensitive ? sameFolded : (a, b) => a === b,
        shape,
      );
      return expr.negated ? invert(outcome) : outcome;
    }
    case "match": {
      const field = fieldOf(expr.value);
      if (field === null) return absentIn(expr, shape);
      const asked = expr.patterns.map(patternText);
      const closed = closedSet(field.name, shape);
      if (closed === undefined || expr.patterns.some((p) => p.kind === "regex"))
        return isSet(field.name, shape) ? MAYBE : never(absent(field));
      const hit = closed.some((value) =>
        expr.patterns.some((p) => p.kind === "wildcard" && wildcardMatches(p.parts, value, expr.insensitive)),
      );
      return hit
        ? MAYBE
        : never(closed.length === 0 ? absent(field) : { kind: "value", field: field.name, span: field.span, asked, set: closed });
    }
    case "field":
      return isSet(expr.name, shape) ? MAYBE : never(absent(expr));
    default:
      return absentIn(expr, shape);
  }
}

type FieldNode = Extract<Expr, { kind: "field" }>;

function comparison(expr: Extract<Expr, { kind: "comparison" }>, shape: EventShape): Outcome {
  const [value, other] = fieldOf(expr.left) === null ? [expr.right, expr.left] : [expr.left, expr.right];
  const field = fieldOf(value);
  if (other.kind === "null" && (expr.op === "==" || expr.op === "!=")) {
    const set = field === null || isSet(field.name, shape);
    if (expr.op === "==") return set ? MAYBE : ALWAYS;
    return set ? MAYBE : never(absent(field));
  }
  if (field === null) return absentIn(expr, shape);
  if (expr.op !== "==" && expr.op !== "!=") return isSet(field.name, shape) ? MAYBE : never(absent(field));
  const equal = membership(field, other.kind === "string" ? [other.value] : null, (a, b) => a === b, shape);
  return expr.op === "==" ? equal : invert(equal);
}

function membership(
  field: FieldNode,
  asked: readonly string[] | null,
  same: (a: string, b: string) => boolean,
  shape: EventShape,
): Outcome {
  if (!isSet(field.name, shape)) return never(absent(field));
  const closed = closedSet(field.name, shape);
  if (closed === undefined || asked === null) return MAYBE;
  if (closed.some((value) => asked.some((wanted) => same(value, wanted)))) return MAYBE;
  return never({ kind: "value", field: field.name, span: field.span, asked, set: closed });
}

/** A predicate over an expression: false for good as soon as a field it needs is absent (a null argument gives null). */
function absentIn(expr: Expr, shape: EventShape): Outcome {
  const missing = fieldsIn(expr).filter((field) => !isSet(field.name, shape));
  if (missing.length === 0) return MAYBE;
  const outcome = never(...missing.map(absent));
  return expr.kind === "in" && expr.negated ? invert(outcome) : expr.kind === "comparison" && expr.op === "!=" ? invert(outcome) : outcome;
}

function invert(outcome: Outcome): Outcome {
  return { canBeTrue: outcome.canBeFalse, canBeFalse: outcome.canBeTrue, reasons: [] };
}

function absent(field: FieldNode): Reason {
  return { kind: "absent", field: field.name, span: field.span, asked: [], set: [] };
}

function fieldOf(expr: Expr): FieldNode | null {
  return expr.kind === "field" ? expr : null;
}

function fieldsIn(expr: Expr): FieldNode[] {
  switch (expr.kind) {
    case "field":
      return [expr];
    case "call":
      return expr.args.flatMap(fieldsIn);
    case "negate":
    case "match":
      return fieldsIn(expr.value);
    case "in":
      return [...fieldsIn(expr.value), ...expr.list.flatMap(fieldsIn)];
    case "arithmetic":
    case "comparison":
      return [...fieldsIn(expr.left), ...fieldsIn(expr.right)];
    default:
      return [];
  }
}

function sameFolded(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

export function patternText(pattern: Pattern): string {
  switch (pattern.kind) {
    case "wildcard":
      return pattern.parts.map((part) => (part.kind === "literal" ? part.text : part.kind === "any" ? "*" : "?")).join("");
    case "regex":
      return pattern.source;
    case "value":
      return pattern.value.kind === "null" ? "null" : String(pattern.value.value);
  }
}

/** Small closed sets only (a handful of category names), so the plain recursive definition is enough. */
export function wildcardMatches(parts: readonly WildcardPart[], value: string, insensitive: boolean): boolean {
  const text = insensitive ? value.toLowerCase() : value;
  const match = (p: number, at: number): boolean => {
    const part = parts[p];
    if (part === undefined) return at === text.length;
    if (part.kind === "one") return at < text.length && match(p + 1, at + 1);
    if (part.kind === "any") {
      for (let next = at; next <= text.length; next++) if (match(p + 1, next)) return true;
      return false;
    }
    const literal = insensitive ? part.text.toLowerCase() : part.text;
    return text.startsWith(literal, at) && match(p + 1, at + literal.length);
  };
  return match(0, 0);
}
