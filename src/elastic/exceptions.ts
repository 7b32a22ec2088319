/** Items of Kibana's exception lists as conditions. */
import { make, NOWHERE, type Expr, type Schema, type Span } from "../eql/index.ts";
import { existsPredicate } from "../kql/index.ts";
import { equals, FilterError, wildcardParts } from "./filters.ts";
import { EXCEPTION_ITEM, type ExceptionEntry, type ExceptionItem } from "./schema.ts";

/** Holds on the events that an item leaves out. Throws a `FilterError` where an entry cannot be read. */
export function exceptionCondition(item: ExceptionItem, schema: Schema, span: Span): Expr {
  return make.all(
    item.entries.map((entry) => entryCondition(entry, "", schema, span)),
    span,
  );
}

/** What holds of the events that any item among lines of NDJSON leaves out. Throws a `FilterError` where an entry cannot be read. */
export function exceptedEvents(ndjson: string, schema: Schema): Expr {
  const items = ndjson
    .split("\n")
    .filter((line) => line.trim() !== "")
    .flatMap((line) => {
      const read = EXCEPTION_ITEM.safeParse(JSON.parse(line));
      return read.success ? [exceptionCondition(read.data, schema, NOWHERE)] : [];
    });
  return make.any(items, NOWHERE);
}

/** Whether an item is in force on a day, `2026-11-24`. */
export function inForce(item: ExceptionItem, today: string): boolean {
  return item.expire_time === undefined || item.expire_time === null || item.expire_time.slice(0, 10) >= today;
}

function entryCondition(entry: ExceptionEntry, prefix: string, schema: Schema, span: Span): Expr {
  const condition = included(entry, prefix, schema, span);
  return entry.operator === "excluded" ? make.not(condition, span) : condition;
}

function included(entry: ExceptionEntry, prefix: string, schema: Schema, span: Span): Expr {
  const field = prefix + entry.field;
  const values = entry.value === undefined ? [] : typeof entry.value === "string" ? [entry.value] : entry.value;
  switch (entry.type) {
    case "match":
    case "match_any":
      return make.any(
        values.map((value) => equals(field, value, schema, span)),
        span,
      );
    case "wildcard":
      return make.matches(
        make.field(field, span),
        values.map((value) => make.wildcard(wildcardParts(value), span)),
        false,
        span,
      );
    case "exists":
      return existsPredicate(field, schema.typeOf(field), span);
    case "nested":
      return make.all(
        (entry.entries ?? []).map((inner) => entryCondition({ ...inner, entries: undefined }, `${field}.`, schema, span)),
        span,
      );
    case "list":
      throw new FilterError(`The value list behind \`${field}\` is no part of the export`);
  }
}
