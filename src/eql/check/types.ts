import { findFunction } from "../functions/index.ts";
import type { Schema } from "./schema.ts";
import type { Expr } from "../syntax/tree.ts";

/** What an expression is to the checker. `unknown` passes everywhere: nothing is known of the field. */
export type Family = "string" | "number" | "boolean" | "date" | "ip" | "version" | "null" | "unknown" | "unsupported";

export interface StaticType {
  readonly family: Family;
  /** Elasticsearch's name: `keyword`, `long`, ... */
  readonly name: string;
}

/** Types of fields that can be used, by Elasticsearch's name. */
const FAMILIES: ReadonlyMap<string, Family> = new Map<string, Family>([
  ["keyword", "string"],
  ["constant_keyword", "string"],
  ["wildcard", "string"],
  ["flattened", "string"],
  ["text", "string"],
  ["match_only_text", "string"],
  ["byte", "number"],
  ["short", "number"],
  ["integer", "number"],
  ["long", "number"],
  ["unsigned_long", "number"],
  ["double", "number"],
  ["float", "number"],
  ["half_float", "number"],
  ["scaled_float", "number"],
  ["boolean", "boolean"],
  ["date", "date"],
  ["date_nanos", "date"],
  ["ip", "ip"],
  ["version", "version"],
]);

const UNKNOWN: StaticType = { family: "unknown", name: "unknown" };
const BOOLEAN: StaticType = { family: "boolean", name: "boolean" };

export function fieldType(name: string, schema: Schema): StaticType {
  const type = schema.typeOf(name);
  return type === undefined ? UNKNOWN : { family: FAMILIES.get(type) ?? "unsupported", name: type };
}

export function staticType(expr: Expr, schema: Schema): StaticType {
  switch (expr.kind) {
    case "string":
      return { family: "string", name: "keyword" };
    case "number":
      return { family: "number", name: expr.type };
    case "boolean":
      return BOOLEAN;
    case "null":
      return { family: "null", name: "null" };
    case "field":
      return fieldType(expr.name, schema);
    case "call": {
      const returns = findFunction(expr.name)?.returns;
      if (returns === undefined) return UNKNOWN;
      return {
        family: returns,
        name:
          returns === "string"
            ? "keyword"
            : returns === "number"
              ? findFunction(expr.name)?.narrow === true
                ? "integer"
                : "double"
              : "boolean",
      };
    }
    case "negate":
      return numeric(staticType(expr.value, schema));
    case "arithmetic": {
      const left = numeric(staticType(expr.left, schema));
      const right = numeric(staticType(expr.right, schema));
      return left.name === "double" || right.name === "double"
        ? { family: "number", name: "double" }
        : left.name === right.name
          ? left
          : { family: "number", name: "long" };
    }
    default:
      return BOOLEAN;
  }
}

function numeric(type: StaticType): StaticType {
  return type.family === "number" ? type : { family: "number", name: "long" };
}

/** Whether values of the two can be equal in Elasticsearch's eyes: a text stands for a date, an address or a version. */
export function areCompatible(a: Family, b: Family): boolean {
  if (a === b || a === "unknown" || b === "unknown" || a === "null" || b === "null") return true;
  const text = a === "string" ? b : b === "string" ? a : null;
  return text === "date" || text === "ip" || text === "version";
}
