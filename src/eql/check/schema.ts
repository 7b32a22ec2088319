import type { FieldTypes } from "../values/field-types.ts";
import type { Scalar } from "../values/fields.ts";

/** What fields there are. It also serves to run a query. */
export interface Schema extends FieldTypes {
  /** Elasticsearch's name of a field's type; undefined where the field is not mapped. */
  typeOf(field: string): string | undefined;
  /** What an explicit null in a document counts as. */
  nullValueOf(field: string): Scalar | undefined;
  /** Where a field's values lie in a document: the target of an alias, the parent of a multi-field, otherwise the field itself. */
  sourceOf(field: string): string;
  /** Whether a text field has an exact (keyword) sub-field; without one Elasticsearch cannot compare it. */
  isExact(field: string): boolean;
  /** The nested field that this one lies in; null where there is none. */
  nestedParentOf(field: string): string | null;
  /** Every field that can be named, for suggestions. */
  names(): Iterable<string>;
  /** Whether a field that is not here does not exist: to name it is an error. */
  readonly strict: boolean;
}

/** A field as a mapping declares it. */
export interface SchemaField {
  readonly type: string;
  readonly source?: string;
  readonly nullValue?: Scalar;
  /** Text only. */
  readonly exact?: boolean;
  readonly nested?: string | null;
}

/** A schema out of fields. What lies beneath a `flattened` field is a keyword of it. */
export function schemaOf(fields: ReadonlyMap<string, SchemaField>, strict: boolean): Schema {
  const find = (name: string): SchemaField | undefined => {
    const field = fields.get(name);
    if (field !== undefined) return field;
    for (let dot = name.lastIndexOf("."); dot > 0; dot = name.lastIndexOf(".", dot - 1)) {
      const parent = fields.get(name.slice(0, dot));
      if (parent !== undefined) return parent.type === "flattened" ? { type: "flattened" } : undefined;
    }
    return undefined;
  };
  return {
    strict,
    typeOf: (name) => find(name)?.type,
    nullValueOf: (name) => find(name)?.nullValue,
    sourceOf: (name) => find(name)?.source ?? name,
    isExact: (name) => find(name)?.exact ?? true,
    nestedParentOf: (name) => find(name)?.nested ?? null,
    names: () => fields.keys(),
  };
}

/** A schema that knows no field and refuses none. */
export function openSchema(): Schema {
  return schemaOf(new Map(), false);
}

/** Fields and their types by name, such as those of ECS; not strict by default. */
export function schemaFromTypes(types: Iterable<readonly [name: string, type: string]>, strict = false): Schema {
  return schemaOf(new Map([...types].map(([name, type]) => [name, { type }])), strict);
}

/** Fields of one mapping, Elasticsearch's own limit is 1,000 by default. */
const MAX_FIELDS = 100_000;
const MAX_DEPTH = 100;

/** A schema out of an Elasticsearch mapping, and what of the mapping was not understood. */
export interface MappingSchema {
  readonly schema: Schema;
  /** What could not be read, each a sentence that names its place; the rest is used. */
  readonly problems: readonly string[];
}

/**
 * The schema of an Elasticsearch mapping, in any of its shapes: `GET index/_mapping` with one or several indices, `{ "mappings": .. }`,
 * `{ "properties": .. }` or an index template. The schema is strict. Never throws.
 */
export function schemaFromMapping(json: unknown): MappingSchema {
  const reader = new MappingReader();
  reader.read(json);
  return { schema: schemaOf(reader.finish(), true), problems: reader.problems };
}

type Json = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function own(value: Json, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

/** Types whose values are text of a keyword family, so that a text field with such a sub-field can be compared. */
const EXACT: ReadonlySet<string> = new Set(["keyword", "constant_keyword", "wildcard"]);

class MappingReader {
  readonly problems: string[] = [];
  readonly #fields = new Map<string, SchemaField>();
  readonly #aliases = new Map<string, string>();

  read(json: unknown): void {
    const mappings = this.#mappings(json);
    if (mappings.length === 0) this.problems.push("This is no mapping: it has neither `properties` nor `mappings`.");
    for (const mapping of mappings) this.#properties(own(mapping, "properties"), "", null, 0);
  }

  #mappings(json: unknown): Json[] {
    if (!isObject(json)) return [];
    if (isObject(own(json, "properties"))) return [json];
    const mappings = own(json, "mappings");
    if (isObject(mappings)) return isObject(own(mappings, "properties")) ? [mappings] : [{ properties: {} }];
    const template = own(json, "template");
    if (isObject(template)) return this.#mappings(template);
    const found: Json[] = [];
    for (const value of Object.values(json)) {
      if (isObject(value) && isObject(own(value, "mappings"))) found.push(...this.#mappings(value));
    }
    return found;
  }

  #properties(properties: unknown, prefix: string, nested: string | null, depth: number): void {
    if (properties === undefined) return;
    if (!isObject(properties)) return void this.problems.push(`The properties of [${prefix}] are no object.`);
    if (depth > MAX_DEPTH) return void this.problems.push(`[${prefix}] is nested too deep; its fields are left out.`);
    for (const [key, value] of Object.entries(properties)) this.#property(prefix === "" ? key : `${prefix}.${key}`, value, nested, depth);
  }

  #property(name: string, value: unknown, nested: string | null, depth: number): void {
    if (!isObject(value)) return void this.problems.push(`The mapping of [${name}] is no object.`);
    const type = own(value, "type") ?? "object";
    if (typeof type !== "string") return void this.problems.push(`The type of [${name}] is no text.`);
    if (type === "alias") {
      const path = own(value, "path");
      if (typeof path === "string") this.#aliases.set(name, path);
      else this.problems.push(`The alias [${name}] has no path.`);
      return;
    }
    if (type === "nested") this.#add(name, { type, nested });
    if (type === "nested" || type === "object")
      return this.#properties(own(value, "properties"), name, type === "nested" ? name : nested, depth + 1);
    const subFields = own(value, "fields");
    const multi = isObject(subFields) ? Object.entries(subFields) : [];
    const exact =
      !TEXT.has(type) ||
      multi.some(([, sub]) => isObject(sub) && EXACT.has(String(own(sub, "type"))) && own(sub, "normalizer") === undefined);
    const nullValue = own(value, "null_value");
    this.#add(name, { type, nested, exact, ...(isScalar(nullValue) ? { nullValue } : {}) });
    for (const [key, sub] of multi) {
      const subType = isObject(sub) ? own(sub, "type") : undefined;
      if (typeof subType === "string") this.#add(`${name}.${key}`, { type: subType, source: name, nested, exact: !TEXT.has(subType) });
      else this.problems.push(`The type of [${name}.${key}] is no text.`);
    }
    // ECS maps `process.name` with sub-fields; objects may stand beneath a field only in broken mappings, which are read all the same.
    if (own(value, "properties") !== undefined) this.#properties(own(value, "properties"), name, nested, depth + 1);
  }

  #add(name: string, field: SchemaField): void {
    if (this.#fields.size >= MAX_FIELDS) {
      if (this.#fields.size === MAX_FIELDS) this.problems.push(`More than ${MAX_FIELDS} fields; the rest is left out.`);
      return;
    }
    const before = this.#fields.get(name);
    if (before !== undefined && family(before.type) !== family(field.type)) {
      this.problems.push(`[${name}] is mapped as [${before.type}] and as [${field.type}]; Elasticsearch refuses to query it.`);
      this.#fields.set(name, { ...field, type: CONFLICT });
    } else if (before === undefined || before.type !== CONFLICT) this.#fields.set(name, field);
  }

  finish(): ReadonlyMap<string, SchemaField> {
    for (const [name, path] of this.#aliases) {
      const target = this.#fields.get(path);
      if (target === undefined) this.problems.push(`The alias [${name}] leads to [${path}], which is not mapped.`);
      else this.#fields.set(name, { ...target, source: target.source ?? path });
    }
    return this.#fields;
  }
}

/** The type of a field that indices map differently. */
export const CONFLICT = "conflict";

const TEXT: ReadonlySet<string> = new Set(["text", "match_only_text", "annotated_text"]);

function family(type: string): string {
  return EXACT.has(type) ? "keyword" : type === "match_only_text" ? "text" : type;
}

function isScalar(value: unknown): value is Scalar {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
