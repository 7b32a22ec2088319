/**
 * A YAML file as documents of plain nodes that know where they stand. Aliases are followed within a budget, so that a few lines cannot
 * unfold to gigabytes; keys are compared as text and never become properties, so `__proto__` is a name like any other.
 */
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments, type Document, type Node as ParsedNode } from "yaml";
import type { SourceLocation, Span } from "../../eql/index.ts";

export type YamlNode = ScalarNode | ListNode | MapNode;

export interface ScalarNode {
  readonly kind: "scalar";
  readonly span: Span;
  readonly value: string | number | bigint | boolean | null;
  /** As written, without quotes; for numbers whose text matters (`0010`, `1.0`). */
  readonly source: string;
  /** Where `value[0]` stands when every character of the value is one of the text (plain and simple quotes on one line); else null. */
  readonly textAt: number | null;
}

export interface ListNode {
  readonly kind: "list";
  readonly span: Span;
  readonly items: readonly YamlNode[];
}

export interface MapNode {
  readonly kind: "map";
  readonly span: Span;
  readonly entries: readonly Entry[];
}

export interface Entry {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: YamlNode;
}

/** A syntax error of YAML, or a bound that was reached. */
export interface YamlProblem {
  readonly message: string;
  readonly offset: number;
}

export interface YamlFile {
  /** One per document that is not empty; null where the document cannot be used (`problems` says why). */
  readonly documents: readonly (YamlNode | null)[];
  readonly problems: readonly YamlProblem[];
  readonly placeAt: (offset: number) => SourceLocation;
}

/** Longer files are no rule files. */
export const MAX_YAML_LENGTH = 8 * 1024 * 1024;
const MAX_DEPTH = 64;
/** Nodes of one document, aliases unfolded. */
const MAX_NODES = 500_000;
/** Finding what an alias means takes a walk over the document. */
const MAX_ALIASES = 1_000;

export function readYaml(path: string, text: string): YamlFile {
  const lines = new LineCounter();
  const placeAt = (offset: number): SourceLocation => {
    const { line, col } = lines.linePos(Math.max(0, Math.min(offset, text.length)));
    return { file: path, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const problems: YamlProblem[] = [];
  if (text.length > MAX_YAML_LENGTH) {
    return { documents: [], problems: [{ message: `The file is longer than ${MAX_YAML_LENGTH} characters`, offset: 0 }], placeAt };
  }
  let parsed: readonly Document.Parsed[];
  try {
    const all = parseAllDocuments(text, { lineCounter: lines, intAsBigInt: true, uniqueKeys: false, logLevel: "silent" });
    parsed = Array.isArray(all) ? all : [];
  } catch (error) {
    // Nesting beyond the parser's stack.
    return { documents: [], problems: [{ message: `The file cannot be read as YAML: ${String(error)}`, offset: 0 }], placeAt };
  }
  const documents: (YamlNode | null)[] = [];
  for (const document of parsed) {
    const first = document.errors[0];
    if (first !== undefined) {
      problems.push({ message: firstLine(first.message), offset: first.pos[0] });
      documents.push(null);
      continue;
    }
    if (document.contents === null) continue;
    try {
      documents.push(new Converter(document, text).node(document.contents, 0));
    } catch (error) {
      if (!(error instanceof Unusable)) throw error;
      problems.push({ message: error.message, offset: error.offset });
      documents.push(null);
    }
  }
  return { documents, problems, placeAt };
}

function firstLine(message: string): string {
  const end = message.search(/ at line \d|\n/);
  return end < 0 ? message : message.slice(0, end);
}

class Unusable extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

class Converter {
  readonly #document: Document.Parsed;
  readonly #text: string;
  #nodes = 0;
  #aliases = 0;

  constructor(document: Document.Parsed, text: string) {
    this.#document = document;
    this.#text = text;
  }

  node(yaml: ParsedNode | null, depth: number): YamlNode {
    const span = spanOf(yaml);
    if (depth > MAX_DEPTH) throw new Unusable(`The document is nested more than ${MAX_DEPTH} levels deep`, span.from);
    if (++this.#nodes > MAX_NODES) throw new Unusable(`The document has more than ${MAX_NODES} values`, span.from);
    if (yaml === null) return { kind: "scalar", span, value: null, source: "", textAt: null };
    if (isAlias(yaml)) {
      if (++this.#aliases > MAX_ALIASES) throw new Unusable(`The document has more than ${MAX_ALIASES} aliases`, span.from);
      const target = yaml.resolve(this.#document);
      if (target === undefined) throw new Unusable(`Nothing is called \`${yaml.source}\``, span.from);
      return this.node(target, depth + 1);
    }
    if (isScalar(yaml)) return this.#scalar(yaml.value, yaml.source ?? "", span);
    if (isSeq(yaml)) return { kind: "list", span, items: yaml.items.map((item) => this.node(item as ParsedNode | null, depth + 1)) };
    if (!isMap(yaml)) throw new Unusable("A value of an unknown kind", span.from);
    const entries = new Map<string, Entry>();
    for (const pair of yaml.items) {
      const key = pair.key as ParsedNode | null;
      const keySpan = spanOf(key);
      if (key !== null && !isScalar(key)) throw new Unusable("A key must be a plain text", keySpan.from);
      const name = key === null ? "" : nameOf(key.value);
      const value = this.node(pair.value as ParsedNode | null, depth + 1);
      if (name === "<<" && value.kind === "map") {
        for (const entry of value.entries) if (!entries.has(entry.key)) entries.set(entry.key, entry);
        continue;
      }
      // YAML forbids it, and one of the two would be lost in silence.
      if (entries.has(name)) throw new Unusable(`The key \`${name}\` occurs twice`, keySpan.from);
      entries.set(name, { key: name, keySpan, value });
    }
    return { kind: "map", span, entries: [...entries.values()] };
  }

  #scalar(raw: unknown, source: string, span: Span): ScalarNode {
    let value = raw as ScalarNode["value"];
    if (typeof value === "bigint" && value >= -9007199254740991n && value <= 9007199254740991n) value = Number(value);
    if (value === undefined) value = null;
    if (typeof value === "object" && value !== null) value = String(value);
    let textAt: number | null = null;
    if (typeof value === "string" && value !== "") {
      if (this.#text.startsWith(value, span.from)) textAt = span.from;
      else if (this.#text.startsWith(value, span.from + 1)) textAt = span.from + 1;
    }
    return { kind: "scalar", span, value, source, textAt };
  }
}

function nameOf(value: unknown): string {
  return typeof value === "string"
    ? value
    : typeof value === "number" || typeof value === "bigint" || typeof value === "boolean"
      ? String(value)
      : "";
}

function spanOf(yaml: ParsedNode | null): Span {
  const range = (yaml as { range?: readonly [number, number, number] | null } | null)?.range;
  return range === undefined || range === null ? { from: 0, to: 0 } : { from: range[0], to: range[1] };
}

/** The value under a key; undefined where there is none. */
export function entry(map: MapNode, key: string): Entry | undefined {
  return map.entries.find((found) => found.key === key);
}

/** The scalar as text; undefined for null and for what is no scalar. */
export function textOf(node: YamlNode | undefined): string | undefined {
  if (node === undefined || node.kind !== "scalar" || node.value === null) return undefined;
  return typeof node.value === "string" ? node.value : node.source === "" ? String(node.value) : node.source;
}

/** A list of texts, or one text; whatever else stands there is left out. */
export function textsOf(node: YamlNode | undefined): string[] {
  if (node === undefined) return [];
  const found = node.kind === "list" ? node.items.map(textOf) : [textOf(node)];
  return found.filter((text) => text !== undefined);
}

/** `over` laid on `base`, maps merged key by key: what `action: global` means. */
export function merged(base: YamlNode, over: YamlNode): YamlNode {
  if (base.kind !== "map" || over.kind !== "map") return over;
  const entries = new Map(base.entries.map((found) => [found.key, found]));
  for (const found of over.entries) {
    const below = entries.get(found.key);
    entries.set(found.key, below === undefined ? found : { ...found, value: merged(below.value, found.value) });
  }
  return { ...over, entries: [...entries.values()] };
}

/** The map without some keys. */
export function without(map: MapNode, ...keys: readonly string[]): MapNode {
  return { ...map, entries: map.entries.filter((found) => !keys.includes(found.key)) };
}
