/**
 * Small moves on JSON objects that hostile input cannot turn against us: names that come from the input are set with `put`,
 * which gives `__proto__` an own property instead of a prototype, and read with `Object.hasOwn`.
 */
import { isObject, type Json, type JsonObject } from "../readers/index.ts";

export { isObject };

/** Sets an own property whatever its name is. */
export function put(target: JsonObject, name: string, value: Json): void {
  if (name === "__proto__") Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true });
  else target[name] = value;
}

/** The own property, or undefined; never something inherited. */
export function own(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

// `child`, `textAt` and `objectAt` take names of ours only, none of which `Object.prototype` has: a plain read is safe, and several
// times faster than asking for an own property.

/** The object under a name of ours, made when it is not there. A value of another kind is replaced. */
export function child(parent: JsonObject, name: string): JsonObject {
  const present = parent[name];
  if (isObject(present)) return present;
  const created: JsonObject = {};
  parent[name] = created;
  return created;
}

/** The value as text; undefined for what has none (null, objects, arrays) and for the empty string. */
export function text(value: Json | undefined): string | undefined {
  if (typeof value === "string") return value === "" ? undefined : value;
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") return String(value);
  return undefined;
}

/** The text at `object.name`, by `text`. */
export function textAt(object: JsonObject | undefined, name: string): string | undefined {
  return object === undefined ? undefined : text(object[name]);
}

/** The object at `object.name`; undefined where it is something else. */
export function objectAt(object: JsonObject | undefined, name: string): JsonObject | undefined {
  if (object === undefined) return undefined;
  const value = object[name];
  return isObject(value) ? value : undefined;
}

/**
 * A whole number from text as Java's `Long.decode` takes it: decimal, or hexadecimal after `0x`. Undefined where it is none.
 * Numbers beyond 2^53 come back as bigint.
 */
export function integer(value: Json | undefined): number | bigint | undefined {
  if (typeof value === "number") return Number.isInteger(value) ? value : undefined;
  if (typeof value === "bigint") return value;
  if (typeof value !== "string" || value.length === 0 || value.length > 24) return undefined;
  const hex = value.length > 2 && value.charCodeAt(0) === 48 && (value.charCodeAt(1) | 32) === 120;
  const sign = !hex && value.charCodeAt(0) === 45 ? 1 : 0;
  if (value.length === sign) return undefined;
  for (let i = hex ? 2 : sign; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code >= 48 && code <= 57) continue;
    if (hex && (code | 32) >= 97 && (code | 32) <= 102) continue;
    return undefined;
  }
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : BigInt(value);
}

/** Appends to the array at `parent.name` unless the value is there already. */
export function addUnique(parent: JsonObject, name: string, value: Json): void {
  const present = own(parent, name);
  if (Array.isArray(present)) {
    if (!present.includes(value)) present.push(value);
  } else if (present === undefined || present === null) parent[name] = [value];
  else if (present !== value) parent[name] = [present, value];
}
