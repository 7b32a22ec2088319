/** Query DSL in a rule's `filters` as conditions. */
import { make, parseWildcard, type Expr, type Schema, type Span, type WildcardPart } from "../eql/index.ts";
import { existsPredicate, fieldPredicate, type KqlLiteral } from "../kql/index.ts";
import { isObject } from "./documents.ts";
import type { FilterContent } from "./schema.ts";

/** A clause that is not known. */
export class FilterError extends Error {}

type Json = Readonly<Record<string, unknown>>;

const MAX_DEPTH = 50;

/** The filters that are in force, joined by `and`. Throws a `FilterError`. */
export function filtersCondition(filters: readonly FilterContent[], schema: Schema, span: Span): Expr {
  const conditions = filters
    .filter(({ meta }) => meta?.disabled !== true)
    .map(({ meta, query, exists }) => {
      const clause = query ?? (exists === undefined ? null : { exists });
      if (clause === null) throw new FilterError("A filter has no `query`");
      const condition = clauseCondition(clause, schema, span, 0);
      return meta?.negate === true ? make.not(condition, span) : condition;
    });
  return make.all(conditions, span);
}

function clauseCondition(clause: Json, schema: Schema, span: Span, depth: number): Expr {
  if (depth > MAX_DEPTH) throw new FilterError("Filters are nested too deep");
  const kinds = Object.keys(clause);
  const [kind] = kinds;
  if (kind === undefined || kinds.length !== 1) throw new FilterError("A filter's clause is not one of Query DSL's");
  const body = clause[kind];
  if (!isObject(body)) throw new FilterError(`\`${kind}\` is no object`);
  switch (kind) {
    case "match_all":
      return { kind: "boolean", span, value: true };
    case "match_none":
      return { kind: "boolean", span, value: false };
    case "exists": {
      const { field } = body;
      if (typeof field !== "string") throw new FilterError("`exists` names no field");
      return existsPredicate(field, schema.typeOf(field), span);
    }
    case "bool":
      return boolCondition(body, schema, span, depth);
    case "terms": {
      const [field, values] = only(body, "terms", ["boost"]);
      if (!Array.isArray(values)) throw new FilterError("`terms` lists no values");
      return make.any(
        values.map((value) => equals(field, value, schema, span)),
        span,
      );
    }
    case "match":
    case "match_phrase":
    case "term": {
      const [field, value] = only(body, kind, []);
      const { query, value: inner, case_insensitive: insensitive } = isObject(value) ? value : { query: value };
      const text = query ?? inner;
      return insensitive === true
        ? make.matches(make.field(field, span), [make.literal(scalarText(text), span)], true, span)
        : equals(field, text, schema, span);
    }
    case "prefix":
    case "wildcard": {
      const [field, value] = only(body, kind, []);
      const { value: inner, wildcard, case_insensitive: insensitive } = isObject(value) ? value : { value };
      const pattern = scalarText(inner ?? wildcard);
      const parts = kind === "prefix" ? [...literalPart(pattern), { kind: "any" as const }] : wildcardParts(pattern);
      return make.matches(make.field(field, span), [make.wildcard(parts, span)], insensitive === true, span);
    }
    case "range": {
      const [field, bounds] = only(body, "range", []);
      if (!isObject(bounds)) throw new FilterError("`range` has no bounds");
      return rangeCondition(field, bounds, schema, span);
    }
    default:
      throw new FilterError(`The clause \`${kind}\` of a filter is not read`);
  }
}

function boolCondition(body: Json, schema: Schema, span: Span, depth: number): Expr {
  const clauses = (key: string): Expr[] => {
    const value = Object.hasOwn(body, key) ? body[key] : undefined;
    if (value === undefined) return [];
    return (Array.isArray(value) ? value : [value]).map((clause: unknown) => {
      if (!isObject(clause)) throw new FilterError(`\`bool.${key}\` holds no clauses`);
      return clauseCondition(clause, schema, span, depth + 1);
    });
  };
  const must = [...clauses("must"), ...clauses("filter")];
  const should = clauses("should");
  const least = Object.hasOwn(body, "minimum_should_match") ? Number(body["minimum_should_match"]) : must.length === 0 ? 1 : 0;
  if (least > 1) throw new FilterError("`minimum_should_match` above 1 is not read");
  if (should.length > 0 && least === 1) must.push(make.any(should, span));
  return make.all([...must, ...clauses("must_not").map((clause) => make.not(clause, span))], span);
}

const BOUNDS = { gt: ">", gte: ">=", lt: "<", lte: "<=" } as const;

function rangeCondition(field: string, bounds: Json, schema: Schema, span: Span): Expr {
  const tests = Object.entries(bounds).flatMap(([name, value]) => {
    const op = Object.hasOwn(BOUNDS, name) ? BOUNDS[name as keyof typeof BOUNDS] : undefined;
    return op === undefined ? [] : [predicate(field, op, value, schema, span)];
  });
  return make.all(tests, span);
}

/** As a quoted value of KQL is compared: by the field's type, whole and with case. */
export function equals(field: string, value: unknown, schema: Schema, span: Span): Expr {
  return predicate(field, "==", value, schema, span);
}

function predicate(field: string, op: Parameters<typeof fieldPredicate>[2], value: unknown, schema: Schema, span: Span): Expr {
  const literal: KqlLiteral = { kind: "literal", span, form: "quoted", parts: literalPart(scalarText(value)) };
  const found = fieldPredicate(field, schema.typeOf(field), op, literal);
  if ("kind" in found) return found;
  throw new FilterError(found.summary);
}

function only(body: Json, kind: string, beside: readonly string[]): readonly [string, unknown] {
  const fields = Object.keys(body).filter((key) => !beside.includes(key));
  const [field] = fields;
  if (field === undefined || fields.length !== 1) throw new FilterError(`\`${kind}\` names not one field`);
  return [field, body[field]];
}

function scalarText(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return String(value);
  throw new FilterError("A filter's value is no text, number or boolean");
}

function literalPart(text: string): WildcardPart[] {
  return text === "" ? [] : [{ kind: "literal", text }];
}

const LUCENE_PIECES = /[*?]|\\([^])|[^*?\\]+|\\/g;

/** `*`, `?`, and a backslash before what is meant literally, as Lucene's wildcard queries have them. */
export function wildcardParts(pattern: string): WildcardPart[] {
  return parseWildcard(pattern, LUCENE_PIECES);
}
