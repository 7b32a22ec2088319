/** What a field of ECS holds, in the terms in which targets differ. */
import { ecsField } from "../ecs/index.ts";

/** `words`: analysed text, of which only the words are kept. `other`: a type of Elasticsearch's that has no equal elsewhere. */
export type ValueKind = "text" | "words" | "integer" | "real" | "boolean" | "time" | "ip" | "other";

export interface FieldType {
  readonly kind: ValueKind;
  /** The field may hold several values. */
  readonly several: boolean;
  /** Elasticsearch's name of the type: `keyword`, `long`, `match_only_text`. */
  readonly mapping: string;
  /** ECS has the field; any other is taken for a keyword. */
  readonly known: boolean;
}

const KINDS: Readonly<Record<string, ValueKind>> = {
  keyword: "text",
  wildcard: "text",
  constant_keyword: "text",
  flattened: "text",
  text: "words",
  match_only_text: "words",
  long: "integer",
  integer: "integer",
  short: "integer",
  byte: "integer",
  unsigned_long: "integer",
  double: "real",
  float: "real",
  half_float: "real",
  scaled_float: "real",
  boolean: "boolean",
  date: "time",
  date_nanos: "time",
  ip: "ip",
};

export function fieldType(field: string): FieldType {
  const ecs = ecsField(field);
  if (ecs === undefined) return { kind: "text", several: false, mapping: "keyword", known: false };
  return { kind: Object.hasOwn(KINDS, ecs.type) ? KINDS[ecs.type]! : "other", several: ecs.array, mapping: ecs.type, known: true };
}
