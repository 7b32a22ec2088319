/** Completes fields, functions and keywords of EQL; behind an operator, or in a string, the values of the field in front of it. */
import { FUNCTIONS, KEYWORDS, signature, tokenize, type Token } from "../../eql/index.ts";
import { ecsFields, type EcsField } from "../../ecs/index.ts";

const CATEGORIES = [
  "any",
  "authentication",
  "configuration",
  "driver",
  "file",
  "iam",
  "library",
  "network",
  "process",
  "registry",
  "session",
] as const;

/** What is known of the loaded files: their fields with some of the values. */
export type SeenFields = ReadonlyMap<string, readonly string[]>;

/** What may be put at the cursor. */
export interface CompletionItem {
  readonly label: string;
  /** The text to put in, where it is not the label. */
  readonly apply?: string;
  readonly detail?: string;
  readonly type: string;
  /** Items with more come first. */
  readonly boost?: number;
}

export interface Found {
  readonly from: number;
  readonly options: CompletionItem[];
  readonly inString: boolean;
}

export function completionAt(text: string, pos: number, seen: SeenFields, explicit: boolean): Found | null {
  const { tokens } = tokenize(text.slice(0, pos));
  const written = tokens.filter((t) => t.kind !== "blank" && t.kind !== "comment" && t.kind !== "end");
  const last = written.at(-1);
  const ends = last !== undefined && last.span.to === pos;
  // A string that is not closed yet is what is being typed, whatever the lexer calls it.
  const quote = openQuote(text.slice(0, pos));
  if (quote !== null) {
    const field = fieldBefore(written.filter((t) => t.span.to <= quote));
    return field === null ? null : { from: quote + 1, options: valuesOf(field, seen, false), inString: true };
  }
  if (last?.kind === "comment") return null;
  const word = ends && last !== undefined && (last.kind === "identifier" || last.kind === "keyword" || last.text === ".") ? last : null;
  const before = word === null ? written : written.slice(0, -nameLength(written));
  const from = word === null ? pos : written[written.length - nameLength(written)]!.span.from;
  const field = isValuePlace(before.at(-1)) ? fieldBefore(before) : null;
  if (field !== null) return { from, options: valuesOf(field, seen, true), inString: false };
  if (word === null && !explicit) return null;
  const previous = before.at(-1);
  if (previous === undefined || previous.text === "[") return { from, options: STARTS, inString: false };
  return { from, options: names(seen), inString: false };
}

/** How many tokens at the end make up one dotted name: `process`, `.`, `name`. */
function nameLength(tokens: readonly Token[]): number {
  let n = 1;
  for (let i = tokens.length - 1; i > 0; i--) {
    const here = tokens[i]!;
    const before = tokens[i - 1]!;
    if (before.span.to !== here.span.from || (here.text !== ".") === (before.text !== ".")) break;
    n++;
  }
  return n;
}

/** Where a `"` stands open at the end of the text; null when none does. */
function openQuote(text: string): number | null {
  const line = text.slice(text.lastIndexOf("\n") + 1);
  let open: number | null = null;
  for (let i = 0; i < line.length; i++) {
    if (open !== null && line[i] === "\\") i++;
    else if (line[i] === '"') open = open === null ? i : null;
  }
  return open === null ? null : text.length - line.length + open;
}

const OPERATORS: ReadonlySet<string> = new Set([
  "==",
  "!=",
  ":",
  "<",
  "<=",
  ">",
  ">=",
  "in",
  "in~",
  "like",
  "like~",
  "regex",
  "regex~",
  "(",
  ",",
]);

function isValuePlace(token: Token | undefined): boolean {
  return token !== undefined && OPERATORS.has(token.text);
}

/** The field a value is compared with: behind the operator, over the list that is being written. */
function fieldBefore(tokens: readonly Token[]): string | null {
  let i = tokens.length - 1;
  while (i >= 0 && (tokens[i]!.text === "," || tokens[i]!.text === "(" || tokens[i]!.kind === "string")) i--;
  if (i < 0 || !OPERATORS.has(tokens[i]!.text)) return null;
  let name = "";
  for (i--; i >= 0; i--) {
    const token = tokens[i]!;
    if (token.text !== "." && token.kind !== "identifier" && token.kind !== "quoted-identifier" && token.kind !== "keyword") break;
    if ((token.text === ".") === name.startsWith(".") && name !== "") break;
    name = (token.kind === "keyword" ? token.text : token.value) + name;
  }
  return name === "" || name.startsWith(".") ? null : name;
}

function valuesOf(field: string, seen: SeenFields, quoted: boolean): CompletionItem[] {
  const known = fields().get(field);
  const values = new Map<string, string>();
  for (const value of seen.get(field) ?? []) values.set(value, "in the files");
  for (const value of known?.allowed ?? []) if (!values.has(value)) values.set(value, "ECS");
  const plain = known !== undefined && /^(long|integer|short|byte|float|double|scaled_float|boolean)$/.test(known.type);
  return [...values].map(([value, detail]) => {
    const escaped = value
      .replaceAll("\\", "\\\\")
      .replaceAll('"', '\\"')
      .replaceAll("\n", "\\n")
      .replaceAll("\r", "\\r")
      .replaceAll("\t", "\\t");
    return { label: value, apply: !quoted || plain ? (quoted ? value : escaped) : `"${escaped}"`, detail, type: "constant" };
  });
}

const STARTS: CompletionItem[] = [
  ...CATEGORIES.map((name) => ({ label: name, apply: `${name} where `, detail: "where …", type: "class" })),
  { label: "sequence", apply: "sequence by host.name with maxspan=1m\n  [", detail: "events in order", type: "keyword" },
  { label: "sample", apply: "sample by host.name\n  [", detail: "events in any order", type: "keyword" },
];

let table: ReadonlyMap<string, EcsField> | null = null;
function fields(): ReadonlyMap<string, EcsField> {
  table ??= new Map([...ecsFields()].map((field) => [field.name, field]));
  return table;
}

let fixed: readonly CompletionItem[] | null = null;

/** Fields of the files first, then ECS, functions and keywords. */
function names(seen: SeenFields): CompletionItem[] {
  fixed ??= [
    ...FUNCTIONS.map((f) => ({ label: f.name, apply: `${f.name}(`, detail: signature(f), type: "function" })),
    ...[...KEYWORDS].map((word) => ({ label: word, type: "keyword" })),
  ];
  const own = [...seen.keys()].map((name) => ({
    label: name,
    detail: `${fields().get(name)?.type ?? "raw"}, in the files`,
    type: "property",
    boost: 2,
  }));
  const ecs = [...fields().values()]
    .filter(({ name }) => !seen.has(name))
    .map(({ name, type }) => ({ label: name, detail: type, type: "property" }));
  return [...own, ...ecs, ...fixed];
}
