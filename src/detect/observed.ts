/** An event as a hunt sees it, with the place it was found at, so that an alert can be traced to its line or offset. */
export interface Observed {
  readonly event: EventDocument;
  /** The id of the data source that produced it. */
  readonly source: string;
  readonly place: Where;
  readonly id?: string;
  readonly index?: string;
}

/** A nested ECS document. */
export interface EventDocument {
  readonly [key: string]: unknown;
}

export interface Where {
  readonly file: string;
  readonly line?: number;
  readonly offset?: number;
  readonly record?: number | bigint;
}

/** `logs.zip!a.json:17`, `Security.evtx@0x11200 (record 4711)` */
export function whereText(place: Where): string {
  let text = place.file;
  if (place.line !== undefined) text += `:${place.line}`;
  else if (place.offset !== undefined) text += `@0x${place.offset.toString(16)}`;
  if (place.record !== undefined) text += ` (record ${place.record})`;
  return text;
}

/** The value at a dotted path of a nested document; own properties only, so that a hostile `__proto__` reaches nothing. */
export function valueAt(event: EventDocument, path: string): unknown {
  let at: unknown = event;
  for (const key of path.split(".")) {
    if (typeof at !== "object" || at === null || Array.isArray(at) || !Object.hasOwn(at, key)) return undefined;
    at = (at as { readonly [key: string]: unknown })[key];
  }
  return at;
}

/** The first text (or number) at the path; undefined where there is none. */
export function textAt(event: EventDocument, path: string): string | undefined {
  const value = valueAt(event, path);
  const first: unknown = Array.isArray(value) ? value[0] : value;
  if (typeof first === "string") return first === "" ? undefined : first;
  return typeof first === "number" || typeof first === "bigint" || typeof first === "boolean" ? String(first) : undefined;
}

/** Every text at the path. */
export function textsAt(event: EventDocument, path: string): string[] {
  const value = valueAt(event, path);
  return (Array.isArray(value) ? value : [value]).flatMap((item: unknown) =>
    typeof item === "string" && item !== "" ? [item] : typeof item === "number" ? [String(item)] : [],
  );
}
