/** A parsed event: plain JSON, nested, dotted or mixed. Whole numbers beyond 2^53 are bigint. */
export type EventDocument = { readonly [key: string]: unknown };

/** What a field may hold, nulls dropped. */
export type Scalar = string | number | bigint | boolean;
/** A field's value: one, or several of an array; undefined where it is missing. */
export type FieldValue = undefined | Scalar | readonly Scalar[];
/** Reads one field of a document; undefined where it is missing. */
export type FieldAccess = (event: EventDocument) => FieldValue;

/** How a field is read. */
export interface FieldAccessOptions {
  /** The events are nested throughout (no dotted keys), as the `ecs` room makes them: one walk, no other spellings tried. */
  readonly nested?: boolean;
  /** What an explicit null counts as (a mapping's `null_value`). */
  readonly nullValue?: Scalar;
}

/** Deeper arrays are ignored, so that hostile nesting cannot exhaust the stack. */
const MAX_ARRAY_DEPTH = 64;

/**
 * A field's values in an event. `a.b` is the same field as `{"a": {"b": ..}}`, `{"a.b": ..}` or any mix, arrays of objects
 * flatten, nulls drop out; absent, null, `[]` and `[null]` are all undefined. One value is a scalar, several an array.
 */
export function fieldAccess(name: string, options: FieldAccessOptions = {}): FieldAccess {
  const path = name.split(".");
  const nullValue = options.nullValue;
  const safe = path.every((segment) => !(segment in Object.prototype));
  const dotted = options.nested !== true && path.length > 1;
  // Every run of segments that can be one key: keys[i] lists those that begin at segment i, the single segment first.
  const keys = path.map((_, i) => path.slice(i).map((_, n) => path.slice(i, i + n + 1).join(".")));
  const first = path[0]!;
  const second = path[1];
  const third = path[2];
  const general = (event: EventDocument): FieldValue => collectField(event, keys, dotted, nullValue);
  if (!safe || nullValue !== undefined) return general;
  if (path.length === 1) return (event) => leaf(event[first], event, general);
  if (dotted) {
    return (event) => (hasOtherSpelling(event, keys) ? general(event) : walkNested(event, path, general));
  }
  if (path.length === 2) {
    return (event) => {
      const a = event[first];
      if (typeof a !== "object" || a === null) return undefined;
      if (Array.isArray(a)) return general(event);
      return leaf((a as EventDocument)[second!], event, general);
    };
  }
  if (path.length === 3) {
    return (event) => {
      const a = event[first];
      if (typeof a !== "object" || a === null) return undefined;
      if (Array.isArray(a)) return general(event);
      const b = (a as EventDocument)[second!];
      if (typeof b !== "object" || b === null) return undefined;
      if (Array.isArray(b)) return general(event);
      return leaf((b as EventDocument)[third!], event, general);
    };
  }
  return (event) => walkNested(event, path, general);
}

function leaf(value: unknown, event: EventDocument, general: FieldAccess): FieldValue {
  switch (typeof value) {
    case "string":
    case "number":
    case "boolean":
    case "bigint":
      return value;
    case "object":
      return Array.isArray(value) ? plainArray(value as unknown[], event, general) : undefined;
    default:
      return undefined;
  }
}

/** An array of scalars is handed out as it is. */
function plainArray(array: readonly unknown[], event: EventDocument, general: FieldAccess): FieldValue {
  if (array.length < 2) return general(event);
  for (let i = 0; i < array.length; i++) {
    const type = typeof array[i];
    if (type !== "string" && type !== "number" && type !== "boolean" && type !== "bigint") return general(event);
  }
  return array as readonly Scalar[];
}

function walkNested(event: EventDocument, path: readonly string[], general: FieldAccess): FieldValue {
  let at: unknown = event;
  for (let i = 0; i < path.length; i++) {
    at = (at as EventDocument)[path[i]!];
    if (i === path.length - 1) return leaf(at, event, general);
    if (typeof at !== "object" || at === null) return undefined;
    if (Array.isArray(at)) return general(event);
  }
  return undefined;
}

/** Whether some level of the nested walk also holds a dotted key on the way to the field. */
function hasOtherSpelling(event: EventDocument, keys: readonly (readonly string[])[]): boolean {
  let at: unknown = event;
  for (let i = 0; i < keys.length; i++) {
    const here = keys[i]!;
    for (let n = 1; n < here.length; n++) if ((at as EventDocument)[here[n]!] !== undefined) return true;
    at = (at as EventDocument)[here[0]!];
    if (typeof at !== "object" || at === null) return false;
    if (Array.isArray(at)) return true;
  }
  return false;
}

function collectField(
  event: EventDocument,
  keys: readonly (readonly string[])[],
  dotted: boolean,
  nullValue: Scalar | undefined,
): FieldValue {
  const values: Scalar[] = [];
  collect(event, 0, keys, dotted, nullValue, values, 0);
  return values.length === 0 ? undefined : values.length === 1 ? values[0] : values;
}

function collect(
  at: unknown,
  segment: number,
  keys: readonly (readonly string[])[],
  dotted: boolean,
  nullValue: Scalar | undefined,
  values: Scalar[],
  depth: number,
): void {
  if (Array.isArray(at)) {
    if (depth < MAX_ARRAY_DEPTH) for (let i = 0; i < at.length; i++) collect(at[i], segment, keys, dotted, nullValue, values, depth + 1);
    return;
  }
  if (segment === keys.length) {
    if (at === null) {
      if (nullValue !== undefined) values.push(nullValue);
      return;
    }
    const type = typeof at;
    if (type === "string" || type === "number" || type === "boolean" || type === "bigint") values.push(at as Scalar);
    return;
  }
  if (typeof at !== "object" || at === null) return;
  const here = keys[segment]!;
  const spellings = dotted ? here.length : 1;
  for (let n = 0; n < spellings; n++) {
    const key = here[n]!;
    if (Object.hasOwn(at, key)) collect((at as EventDocument)[key], segment + n + 1, keys, dotted, nullValue, values, depth);
  }
}

/** Calls `visit` with every scalar of the event, whatever its field, until it returns true. Bounded in depth. */
export function someValue(at: unknown, visit: (value: Scalar) => boolean, depth = 0): boolean {
  switch (typeof at) {
    case "string":
    case "number":
    case "boolean":
    case "bigint":
      return visit(at);
    case "object": {
      if (at === null || depth >= MAX_ARRAY_DEPTH) return false;
      if (Array.isArray(at)) {
        for (let i = 0; i < at.length; i++) if (someValue(at[i], visit, depth + 1)) return true;
        return false;
      }
      for (const key in at) if (Object.hasOwn(at, key) && someValue((at as EventDocument)[key], visit, depth + 1)) return true;
      return false;
    }
    default:
      return false;
  }
}

/** Whether some value of a field whose dotted name passes does; names of objects in arrays are those of their fields. */
export function someNamedValue(
  at: unknown,
  name: (dotted: string) => boolean,
  visit: (value: Scalar) => boolean,
  path = "",
  depth = 0,
): boolean {
  if (typeof at !== "object" || at === null) return path !== "" && name(path) && someValue(at, visit);
  if (depth >= MAX_ARRAY_DEPTH) return false;
  if (Array.isArray(at)) {
    for (let i = 0; i < at.length; i++) if (someNamedValue(at[i], name, visit, path, depth + 1)) return true;
    return false;
  }
  for (const key in at) {
    if (!Object.hasOwn(at, key)) continue;
    if (someNamedValue((at as EventDocument)[key], name, visit, path === "" ? key : `${path}.${key}`, depth + 1)) return true;
  }
  return false;
}
