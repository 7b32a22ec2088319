/**
 * Any JSON document in the one form that the engine reads: nested, no dot in any key. Elasticsearch accepts `{"a.b": 1}`,
 * `{"a": {"b": 1}}` and a mix of both for the same field; exports hold all three.
 */
import type { Json, JsonObject } from "../../readers/index.ts";
import { isObject, own, put } from "../object.ts";

/** Deeper than this is kept as it is: no ECS field is, and the walk must end. */
const MAX_DEPTH = 64;
/** A key with more dots than this is cut there; the rest stays one key without dots. */
const MAX_PARTS = 32;

/** The document itself where it is canonical already, otherwise a new one that shares the parts that are. */
export function canonical(document: JsonObject): JsonObject {
  return isCanonical(document, 0) ? document : nest(document, 0);
}

function isCanonical(object: JsonObject, depth: number): boolean {
  if (depth > MAX_DEPTH) return true;
  for (const key in object) {
    if (key.includes(".") || key === "__proto__") return false;
    const value = object[key];
    if (typeof value !== "object" || value === null) continue;
    if (!isCanonicalValue(value, depth + 1)) return false;
  }
  return true;
}

function isCanonicalValue(value: Json[] | JsonObject, depth: number): boolean {
  if (!Array.isArray(value)) return isCanonical(value, depth);
  for (const item of value) if (typeof item === "object" && item !== null && !isCanonicalValue(item, depth + 1)) return false;
  return true;
}

function nest(object: JsonObject, depth: number): JsonObject {
  const out: JsonObject = {};
  for (const key of Object.keys(object)) {
    const value = own(object, key)!;
    const nested = depth < MAX_DEPTH ? nestValue(value, depth + 1) : value;
    if (key.includes(".")) place(out, key, nested);
    else merge(out, key, nested, depth);
  }
  return out;
}

function nestValue(value: Json, depth: number): Json {
  if (typeof value !== "object" || value === null) return value;
  if (!Array.isArray(value)) return nest(value, depth);
  if (depth > MAX_DEPTH || isCanonicalValue(value, depth)) return value;
  return value.map((item) => nestValue(item, depth + 1));
}

function place(root: JsonObject, dotted: string, value: Json): void {
  const parts = dotted.split(".", MAX_PARTS);
  let at = root;
  const last = parts.length - 1;
  for (let i = 0; i < last; i++) {
    const part = parts[i]!;
    const present = own(at, part);
    if (isObject(present)) {
      at = present;
      continue;
    }
    const created: JsonObject = {};
    put(at, part, created);
    at = created;
  }
  merge(at, parts[last]!, value, last);
}

/** Two spellings of one field in one document: objects are joined, of two values the later one stays. */
function merge(target: JsonObject, key: string, value: Json, depth: number): void {
  const present = own(target, key);
  if (isObject(present) && isObject(value) && depth < MAX_DEPTH) {
    for (const name of Object.keys(value)) merge(present, name, own(value, name)!, depth + 1);
  } else put(target, key, value);
}

/**
 * Hits that Elasticsearch answered with `fields` have every value in an array. One-element arrays become their element, so
 * that the event has the shape its source had; longer ones stay.
 */
export function unwrapped(object: JsonObject, depth = 0): JsonObject {
  const out: JsonObject = {};
  for (const key of Object.keys(object)) {
    let value = own(object, key)!;
    if (Array.isArray(value) && value.length === 1) value = value[0]!;
    put(out, key, isObject(value) && depth < MAX_DEPTH ? unwrapped(value, depth + 1) : value);
  }
  return out;
}
