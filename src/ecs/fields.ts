import { ALLOWED_VALUES, FIELDS_BY_TYPE } from "./generated/fields.ts";

/** A field of the Elastic Common Schema. */
export interface EcsField {
  readonly name: string;
  /** Elasticsearch's name of its type: `keyword`, `long`, `ip`, `date`, ... */
  readonly type: string;
  /** It holds several values. */
  readonly array: boolean;
  /** Its closed value set; null where it is open. */
  readonly allowed: readonly string[] | null;
}

let table: ReadonlyMap<string, EcsField> | null = null;

function fields(): ReadonlyMap<string, EcsField> {
  if (table !== null) return table;
  const byName = new Map<string, EcsField>();
  for (const [type, names] of Object.entries(FIELDS_BY_TYPE)) {
    for (const entry of names.split(" ")) {
      const array = entry.endsWith("[]");
      const name = array ? entry.slice(0, -2) : entry;
      byName.set(name, { name, type, array, allowed: Object.hasOwn(ALLOWED_VALUES, name) ? ALLOWED_VALUES[name]! : null });
    }
  }
  table = byName;
  return byName;
}

/** The field of that dotted name; undefined where ECS has none. */
export function ecsField(name: string): EcsField | undefined {
  return fields().get(name);
}

/** All fields, by name. */
export function ecsFields(): Iterable<EcsField> {
  return fields().values();
}
