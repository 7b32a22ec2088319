/** A YAML file of a package: its value, and where each part of it stands. */
import {
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
  type Scalar,
} from "yaml";
import type { RuleProblem, SourceLocation } from "../../eql/index.ts";

/** Package files are written by people; one larger than this is not a package file. */
const MAX_LENGTH = 512 * 1024;
/** Longer paths (a level of a map counts twice) than any package file has; bounds the recursion of whatever walks the value. */
const MAX_PATH = 48;

export type KeyPath = readonly (string | number)[];

export class YamlText {
  readonly file: string;
  readonly text: string;
  readonly #document: Document.Parsed;
  readonly #lines: LineCounter;

  constructor(file: string, text: string, document: Document.Parsed, lines: LineCounter) {
    this.file = file;
    this.text = text;
    this.#document = document;
    this.#lines = lines;
  }

  /** The file's content as plain data. */
  value(): unknown {
    return this.#document.toJS({ maxAliasCount: 0 });
  }

  /** The keys of the map that the file is. */
  keys(): string[] {
    const { contents } = this.#document;
    return isMap(contents) ? contents.items.flatMap(({ key }) => (isScalar(key) ? [String(key.value)] : [])) : [];
  }

  at(offset: number): SourceLocation {
    const { line, col } = this.#lines.linePos(Math.max(0, Math.min(offset, this.text.length)));
    return { file: this.file, line: Math.max(1, line), column: Math.max(1, col) };
  }

  /** Where the value at `path` stands; the nearest one above it where there is none. */
  place(path: KeyPath): SourceLocation {
    const node = this.#node(path);
    return this.at(node?.range?.[0] ?? 0);
  }

  /** Where the key `key` of the map at `path` stands. */
  keyPlace(path: KeyPath, key: string): SourceLocation {
    const map = this.#node(path);
    if (isMap(map)) {
      for (const pair of map.items) {
        if (isPair(pair) && isScalar(pair.key) && String(pair.key.value) === key) return this.at(pair.key.range?.[0] ?? 0);
      }
    }
    return this.place(path);
  }

  #node(path: KeyPath): Node | null {
    let at: unknown = this.#document.contents;
    let found: Node | null = isNode(at) ? at : null;
    for (const key of path) {
      const next: unknown = isMap(at) || isSeq(at) ? at.get(key, true) : undefined;
      if (!isNode(next)) break;
      found = next;
      at = next;
    }
    return found;
  }

  /**
   * The text of a literal block (`|` or `|-`) at `path`, with a function from offsets in it to places in the file.
   * Null where the value is written any other way: other styles change the text, and then no place is right.
   */
  block(path: KeyPath): BlockText | null {
    const node = this.#node(path);
    if (
      !isScalar(node) ||
      node.type !== "BLOCK_LITERAL" ||
      typeof node.value !== "string" ||
      node.range === undefined ||
      node.range === null
    )
      return null;
    return this.#block(node as Scalar<string>, node.range[0]);
  }

  #block(node: Scalar<string>, from: number): BlockText {
    const header = this.#lines.linePos(from).line;
    const value = node.value;
    const indent = this.#indentOf(header, value);
    return {
      text: value,
      place: (offset) => {
        let line = 0;
        let start = 0;
        for (let i = value.indexOf("\n"); i !== -1 && i < offset; i = value.indexOf("\n", i + 1)) {
          line++;
          start = i + 1;
        }
        return { file: this.file, line: header + 1 + line, column: offset - start + 1 + indent };
      },
    };
  }

  /** How many columns YAML took off each line: what the first line of the text has more in the file than in the value. */
  #indentOf(header: number, value: string): number {
    const lines = value.split("\n");
    const index = lines.findIndex((line) => line !== "");
    if (index === -1) return 0;
    const start = this.#lines.lineStarts[header + index] ?? 0;
    const end = this.text.indexOf("\n", start);
    const raw = this.text.slice(start, end === -1 ? undefined : end).replace(/\r$/, "");
    return Math.max(0, raw.length - lines[index]!.length);
  }
}

export interface BlockText {
  readonly text: string;
  readonly place: (offset: number) => SourceLocation;
}

/** Reads a YAML file; null, with the reasons in `problems`, when it cannot be read. Never throws. */
export function readYaml(file: string, text: string, problems: RuleProblem[]): YamlText | null {
  const refuse = (message: string, place: SourceLocation, help: string | null = null): null => {
    problems.push({ code: "package/bad-yaml", severity: "error", message, place, rule: null, help });
    return null;
  };
  if (text.length > MAX_LENGTH) return refuse(`The file is larger than ${MAX_LENGTH / 1024} KiB`, { file, line: 1, column: 1 });
  const lines = new LineCounter();
  let document: Document.Parsed;
  try {
    document = parseDocument(text, { lineCounter: lines, version: "1.2", schema: "core", uniqueKeys: true, prettyErrors: false });
  } catch {
    // The YAML library recurses; a file nested thousands deep ends its stack.
    return refuse("The file is nested too deeply", { file, line: 1, column: 1 });
  }
  const yaml = new YamlText(file, text, document, lines);
  let whole = true;
  for (const error of [...document.errors, ...document.warnings]) {
    whole = false;
    refuse(error.message.split("\n", 1)[0] ?? "Not YAML", yaml.at(error.pos[0]));
  }
  if (!whole) return null;
  let refused: RuleProblem | null = null;
  visit(document, (_, node, path) => {
    if (isNode(node) && (isAlias(node) || node.anchor !== undefined)) {
      const place = yaml.at(node.range?.[0] ?? 0);
      refused = {
        code: "package/bad-yaml",
        severity: "error",
        message: "Anchors and aliases are not used in packages",
        place,
        rule: null,
        help: "Write the value out: a reader should find it where it counts",
      };
      return visit.BREAK;
    }
    if (isPair(node) && node.key !== null && !isScalar(node.key)) {
      const place = yaml.at(isNode(node.key) ? (node.key.range?.[0] ?? 0) : 0);
      refused = { code: "package/bad-yaml", severity: "error", message: "A key must be plain text", place, rule: null, help: null };
      return visit.BREAK;
    }
    if (path.length > MAX_PATH) {
      const place = yaml.at(isNode(node) ? (node.range?.[0] ?? 0) : 0);
      refused = { code: "package/bad-yaml", severity: "error", message: "The file is nested too deeply", place, rule: null, help: null };
      return visit.BREAK;
    }
    return undefined;
  });
  if (refused !== null) {
    problems.push(refused);
    return null;
  }
  return yaml;
}
