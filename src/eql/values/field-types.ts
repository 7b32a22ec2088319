import type { Scalar } from "./fields.ts";
import type { ValueType } from "./typed.ts";

/** As much of a schema as running needs: Elasticsearch's name of a field's type, and what an explicit null counts as. */
export interface FieldTypes {
  /** undefined: the field is not mapped. */
  typeOf(field: string): string | undefined;
  nullValueOf?(field: string): Scalar | undefined;
  /** Where the values lie in a document: an alias and a multi-field have them elsewhere. */
  sourceOf?(field: string): string;
}

/** Of each type of Elasticsearch what it is at run time. Types that are not here cannot be used in EQL at all. */
const VALUE_TYPES: ReadonlyMap<string, ValueType> = new Map<string, ValueType>([
  ["keyword", "keyword"],
  ["constant_keyword", "keyword"],
  ["wildcard", "keyword"],
  ["flattened", "keyword"],
  ["text", "keyword"],
  ["match_only_text", "keyword"],
  ["byte", "integer"],
  ["short", "integer"],
  ["integer", "integer"],
  ["long", "long"],
  ["unsigned_long", "long"],
  ["double", "double"],
  ["float", "double"],
  ["half_float", "double"],
  ["scaled_float", "double"],
  ["boolean", "boolean"],
  ["date", "date"],
  ["date_nanos", "date_nanos"],
  ["ip", "ip"],
  ["version", "version"],
]);

export function valueType(schema: FieldTypes | undefined, field: string): ValueType {
  const name = schema?.typeOf(field);
  return name === undefined ? "unknown" : (VALUE_TYPES.get(name) ?? "unknown");
}
