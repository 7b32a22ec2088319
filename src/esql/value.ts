/**
 * Values of columns. A missing value is null; a column of several values holds a list of two or more. What a scalar comparison or function
 * makes of a list is null, as in Elasticsearch.
 */
import { parseDateMath } from "../eql/index.ts";

export type EsqlScalar = string | number | bigint | boolean | EsqlDate;
export type EsqlValue = EsqlScalar | readonly EsqlScalar[] | null;

/** An instant. */
export class EsqlDate {
  /** Epoch milliseconds. */
  readonly ms: number;

  constructor(ms: number) {
    this.ms = ms;
  }
}

/** What is known of a column or an expression before it runs; `unknown` takes the data's own types. */
export type EsqlType = "text" | "integer" | "double" | "boolean" | "date" | "timespan" | "null" | "unknown";

/** Elasticsearch's names of field types. */
const TYPES: ReadonlyMap<string, EsqlType> = new Map<string, EsqlType>([
  ...(["keyword", "constant_keyword", "wildcard", "flattened", "text", "match_only_text", "ip", "version"] as const).map(
    (name) => [name, "text"] as const,
  ),
  ...(["byte", "short", "integer", "long", "unsigned_long"] as const).map((name) => [name, "integer"] as const),
  ...(["double", "float", "half_float", "scaled_float"] as const).map((name) => [name, "double"] as const),
  ["boolean", "boolean"],
  ["date", "date"],
  ["date_nanos", "date"],
]);

export function typeOfField(mapped: string | undefined): EsqlType {
  return mapped === undefined ? "unknown" : (TYPES.get(mapped) ?? "unknown");
}

/** A raw value of an event as its field's type has it; undefined where the mapping would not have indexed it. */
export function readScalar(raw: unknown, type: EsqlType): EsqlScalar | undefined {
  switch (type) {
    case "text":
      return typeof raw === "string"
        ? raw
        : typeof raw === "number" || typeof raw === "bigint" || typeof raw === "boolean"
          ? String(raw)
          : undefined;
    case "integer":
    case "double": {
      if (typeof raw === "number" || typeof raw === "bigint") return raw;
      const number = typeof raw === "string" && raw.trim() !== "" ? Number(raw) : Number.NaN;
      return Number.isFinite(number) ? number : undefined;
    }
    case "boolean":
      return typeof raw === "boolean" ? raw : raw === "true" ? true : raw === "false" ? false : undefined;
    case "date":
      return toDate(raw);
    default:
      return typeof raw === "string" || typeof raw === "number" || typeof raw === "bigint" || typeof raw === "boolean" ? raw : undefined;
  }
}

/** A text or a number of milliseconds as an instant; undefined where it is none. */
export function toDate(raw: unknown): EsqlDate | undefined {
  if (raw instanceof EsqlDate) return raw;
  if (typeof raw === "number") return new EsqlDate(raw);
  if (typeof raw !== "string") return undefined;
  const at = parseDateMath(raw, undefined);
  return at === null ? undefined : new EsqlDate(Number(at.from / 1_000_000n));
}

/** No value, one, or several: a list of one is its value. */
export function valueOf(values: readonly EsqlScalar[]): EsqlValue {
  return values.length === 0 ? null : values.length === 1 ? values[0]! : values;
}

export function listOf(value: EsqlValue): readonly EsqlScalar[] {
  if (value === null) return [];
  return isList(value) ? value : [value];
}

export function isList(value: EsqlValue): value is readonly EsqlScalar[] {
  return Array.isArray(value);
}

/** The only value; null where there is none, or several. */
export function single(value: EsqlValue): EsqlScalar | null {
  return value === null || isList(value) ? null : value;
}

/** Equal keys, equal values, whatever their types' names. */
export function keyOf(value: EsqlValue): string {
  if (value === null) return "n";
  if (isList(value)) return `[${value.map(keyOf).join(",")}]`;
  if (value instanceof EsqlDate) return `d${value.ms}`;
  return typeof value === "string" ? JSON.stringify(value) : typeof value === "boolean" ? String(value) : `#${String(value)}`;
}

/** The order of two values of one type; NaN where they have none. */
export function compareScalars(a: EsqlScalar, b: EsqlScalar): number {
  if (a instanceof EsqlDate || b instanceof EsqlDate) {
    const [x, y] = [toDate(a), toDate(b)];
    return x === undefined || y === undefined ? Number.NaN : x.ms - y.ms;
  }
  if (typeof a === "string" && typeof b === "string") return a < b ? -1 : a > b ? 1 : 0;
  if (typeof a === "boolean" && typeof b === "boolean") return Number(a) - Number(b);
  const isNumber = (value: EsqlScalar): value is number | bigint => typeof value === "number" || typeof value === "bigint";
  if (isNumber(a) && isNumber(b)) return a < b ? -1 : a > b ? 1 : 0;
  // A field of unknown type may hold a number as a text, and the other way round.
  const [x, y] = [numberIn(a), numberIn(b)];
  return x === null || y === null ? Number.NaN : x - y;
}

function numberIn(value: EsqlScalar): number | null {
  if (typeof value === "number") return value;
  if (typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value))) return Number(value);
  return null;
}

/** ISO 8601 in UTC; the number itself where no calendar has it. */
function formatMillis(ms: number): string {
  const date = new Date(ms);
  return Number.isFinite(date.getTime()) ? date.toISOString() : String(ms);
}

export function textOf(value: EsqlScalar): string {
  return value instanceof EsqlDate ? formatMillis(value.ms) : String(value);
}

/** As JSON has it. */
export function toJson(value: EsqlValue): unknown {
  if (value === null) return null;
  if (isList(value)) return value.map(toJson);
  if (value instanceof EsqlDate) return formatMillis(value.ms);
  return typeof value === "bigint" ? (Number.isSafeInteger(Number(value)) ? Number(value) : String(value)) : value;
}
