/**
 * The commands of ES|QL that translations use, run over documents, written from Elasticsearch's documentation: comparisons of missing
 * and of several values are null, and null is not true. For tests; not exported from the room. It throws on all it does not know.
 */
import { luceneMatches, type LuceneTree } from "./lucene.ts";
import { dslMatches, valuesOf } from "./query-dsl.ts";
import { jsOf } from "./regex.ts";

type Scalar = string | number | boolean;
type Value = Scalar | null | readonly Scalar[];
interface Row {
  readonly values: Map<string, Value>;
  /** Null after a command that makes rows of its own. */
  readonly document: unknown;
}
type Expression = (row: Row) => Value;

/** The rows that are left. `parseLucene` reads what `QSTR` is given. */
export function esqlRows(text: string, documents: readonly unknown[], parseLucene: (text: string) => LuceneTree): Row[] {
  return new Query(text, parseLucene).run(documents);
}

interface Token {
  readonly kind: "name" | "string" | "number" | "sign";
  readonly text: string;
}

const TOKEN =
  /\s*(?:("""[\s\S]*?"""(?!"))|("(?:\\[\s\S]|[^"\\\r\n])*")|(\d+(?:\.\d+)?)|((?:`(?:[^`]|``)+`|[A-Za-z_@][\w]*)(?:\.(?:`(?:[^`]|``)+`|[A-Za-z_@*][\w]*))*)|(==|!=|<=|>=|[-<>=(),|:*]))/y;

function tokens(text: string): Token[] {
  const found: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) throw new Error(`unreadable: ${text.slice(at, at + 40)}`);
    const [, raw, quoted, number, name, sign] = match;
    if (raw !== undefined) found.push({ kind: "string", text: raw.slice(3, -3) });
    else if (quoted !== undefined)
      found.push({
        kind: "string",
        text: quoted.slice(1, -1).replaceAll(/\\([\s\S])/g, (_, char: string) => {
          const plain = { n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\" }[char];
          if (plain === undefined) throw new Error(`bad escape \\${char}`);
          return plain;
        }),
      });
    else if (number !== undefined) found.push({ kind: "number", text: number });
    else if (name !== undefined)
      found.push({ kind: "name", text: name.replaceAll(/`((?:[^`]|``)+)`/g, (_, inner: string) => inner.replaceAll("``", "`")) });
    else found.push({ kind: "sign", text: sign! });
  }
  return found;
}

class Query {
  readonly #tokens: readonly Token[];
  readonly #parseLucene: (text: string) => LuceneTree;
  #at = 0;

  constructor(text: string, parseLucene: (text: string) => LuceneTree) {
    // Index patterns are no expressions: the first command is taken as it stands.
    const [, rest = ""] = /^FROM [^\n|]*?(?: METADATA [\w, ]+)?\n([\s\S]*)$/.exec(text) ?? [];
    if (!text.startsWith("FROM ")) throw new Error("no FROM");
    this.#tokens = tokens(rest);
    this.#parseLucene = parseLucene;
  }

  run(documents: readonly unknown[]): Row[] {
    let rows: Row[] = documents.map((document) => {
      const values = new Map<string, Value>();
      for (const [name, found] of valuesOf(document)) values.set(name, packed(found as Scalar[]));
      return { values, document };
    });
    while (this.#at < this.#tokens.length) {
      this.#sign("|");
      const command = this.#next().text;
      switch (command) {
        case "WHERE": {
          const test = this.#or();
          rows = rows.filter((row) => test(row) === true);
          break;
        }
        case "EVAL": {
          do {
            const name = this.#next().text;
            this.#sign("=");
            const value = this.#or();
            rows = rows.map((row) => ({ document: row.document, values: new Map(row.values).set(name, value(row)) }));
          } while (this.#take(","));
          break;
        }
        case "MV_EXPAND": {
          const name = this.#next().text;
          rows = rows.flatMap((row) => {
            const value = row.values.get(name) ?? null;
            return Array.isArray(value) ? value.map((one: Scalar) => ({ ...row, values: new Map(row.values).set(name, one) })) : [row];
          });
          break;
        }
        case "STATS":
          rows = this.#stats(rows);
          break;
        case "SORT": {
          const name = this.#next().text;
          const order = this.#next().text === "DESC" ? -1 : 1;
          rows = [...rows].sort((a, b) => order * less(a.values.get(name) ?? null, b.values.get(name) ?? null));
          break;
        }
        case "LIMIT":
          rows = rows.slice(0, Number(this.#next().text));
          break;
        default:
          throw new Error(`there is no command ${command}`);
      }
    }
    return rows;
  }

  #stats(rows: readonly Row[]): Row[] {
    const made: { readonly name: string; readonly of: (rows: readonly Row[]) => Value }[] = [];
    do {
      const name = this.#next().text;
      this.#sign("=");
      const aggregate = this.#next().text;
      this.#sign("(");
      const subject = aggregate === "COUNT" ? null : this.#or();
      if (aggregate === "COUNT") this.#star();
      this.#sign(")");
      const where = this.#take("WHERE") ? this.#or() : null;
      made.push({
        name,
        of: (group) => {
          const kept = where === null ? group : group.filter((row) => where(row) === true);
          if (subject === null) return kept.length;
          const values = kept.map(subject).flatMap(unpacked);
          if (values.length === 0) return null;
          return values.reduce((a, b) => ((aggregate === "MIN") === less(a, b) <= 0 ? a : b));
        },
      });
    } while (this.#take(","));
    const keys: string[] = [];
    if (this.#take("BY"))
      do keys.push(this.#next().text);
      while (this.#take(","));
    const groups = new Map<string, { readonly key: readonly Value[]; readonly rows: Row[] }>();
    for (const row of rows) {
      let combinations: Value[][] = [[]];
      for (const key of keys) {
        const value = row.values.get(key) ?? null;
        const each = Array.isArray(value) ? (value as readonly Scalar[]) : [value as Scalar | null];
        combinations = combinations.flatMap((left) => each.map((one) => [...left, one]));
      }
      for (const key of combinations) {
        const id = JSON.stringify(key);
        const known = groups.get(id);
        if (known === undefined) groups.set(id, { key, rows: [row] });
        else known.rows.push(row);
      }
    }
    if (keys.length === 0 && groups.size === 0) groups.set("", { key: [], rows: [] });
    return [...groups.values()].map((group) => ({
      document: null,
      values: new Map<string, Value>([
        ...keys.map((key, at): [string, Value] => [key, group.key[at]!]),
        ...made.map(({ name, of }): [string, Value] => [name, of(group.rows)]),
      ]),
    }));
  }

  /** `*` reads as nothing in the grammar of expressions. */
  #star(): void {
    const token = this.#next();
    if (token.text !== "*") throw new Error("COUNT takes *");
  }

  #next(): Token {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw new Error("it ends too early");
    return token;
  }

  #sees(text: string): boolean {
    const token = this.#tokens[this.#at];
    return token !== undefined && token.kind !== "string" && token.text === text;
  }

  #take(text: string): boolean {
    if (!this.#sees(text)) return false;
    this.#at++;
    return true;
  }

  #sign(text: string): void {
    if (!this.#take(text)) throw new Error(`${text} is missing before ${this.#tokens[this.#at]?.text ?? "the end"}`);
  }

  #or(): Expression {
    const operands = [this.#and()];
    while (this.#take("OR")) operands.push(this.#and());
    if (operands.length === 1) return operands[0]!;
    return (row) => {
      const values = new Set(operands.map((operand) => operand(row)));
      return values.has(true) ? true : values.has(null) ? null : false;
    };
  }

  #and(): Expression {
    const operands = [this.#not()];
    while (this.#take("AND")) operands.push(this.#not());
    if (operands.length === 1) return operands[0]!;
    return (row) => {
      const values = new Set(operands.map((operand) => operand(row)));
      return values.has(false) ? false : values.has(null) ? null : true;
    };
  }

  #not(): Expression {
    if (!this.#take("NOT")) return this.#comparison();
    const inner = this.#not();
    return (row) => {
      const value = inner(row);
      return value === null ? null : value !== true;
    };
  }

  #comparison(): Expression {
    const start = this.#tokens[this.#at];
    const left = this.#primary();
    if (this.#take("IS")) {
      const negated = this.#take("NOT");
      this.#sign("NULL");
      return (row) => (left(row) === null) !== negated;
    }
    if (this.#take(":")) {
      const wanted = this.#next();
      const clause = { term: { [start!.text]: wanted.text } };
      return (row) => dslMatches(clause, documentOf(row));
    }
    if (this.#take("IN")) {
      this.#sign("(");
      const list: Expression[] = [];
      do list.push(this.#primary());
      while (this.#take(","));
      this.#sign(")");
      return (row) => single(left(row), (value) => list.some((one) => one(row) === value));
    }
    if (this.#take("LIKE")) {
      const regex = likeRegex(this.#next().text);
      return (row) => single(left(row), (value) => regex.test(text(value)));
    }
    if (this.#take("RLIKE")) {
      const regex = new RegExp(`^(?:${jsOf(this.#next().text)})$`, "su");
      return (row) => single(left(row), (value) => regex.test(text(value)));
    }
    for (const [sign, holds] of Object.entries(COMPARISONS)) {
      if (!this.#take(sign)) continue;
      const right = this.#primary();
      return (row) => {
        const other = right(row);
        if (other === null || Array.isArray(other)) return null;
        return single(left(row), (value) => {
          if (typeof value !== typeof other) throw new Error(`${typeof value} ${sign} ${typeof other}`);
          return holds(less(value, other));
        });
      };
    }
    return left;
  }

  #primary(): Expression {
    if (this.#take("(")) {
      const inner = this.#or();
      this.#sign(")");
      return inner;
    }
    if (this.#take("-")) {
      const number = -Number(this.#next().text);
      return () => number;
    }
    const token = this.#next();
    if (token.kind === "string") return () => token.text;
    if (token.kind === "number") return () => Number(token.text);
    if (token.kind === "sign") throw new Error(`unexpected ${token.text}`);
    if (token.text === "true" || token.text === "false") return () => token.text === "true";
    if (token.text === "null") return () => null;
    if (!this.#take("(")) return (row) => row.values.get(token.text) ?? null;
    const args: Expression[] = [];
    if (!this.#sees(")")) {
      do args.push(this.#or());
      while (this.#take(","));
    }
    this.#sign(")");
    return this.#call(token.text, args);
  }

  #call(name: string, args: readonly Expression[]): Expression {
    const [first, second] = args;
    switch (name) {
      case "QSTR": {
        const tree = this.#parseLucene(first!({ values: new Map(), document: null }) as string);
        return (row) => luceneMatches(tree, documentOf(row));
      }
      case "TO_LOWER":
        return (row) => packed(unpacked(first!(row)).map((value) => text(value).toLowerCase()));
      case "TO_STRING":
        return (row) => packed(unpacked(first!(row)).map(String));
      case "TO_DOUBLE":
        return (row) =>
          packed(
            unpacked(first!(row))
              .map(Number)
              .filter((number) => !Number.isNaN(number)),
          );
      case "TO_IP":
        return first!;
      case "COALESCE":
        return (row) => args.map((arg) => arg(row)).find((value) => value !== null) ?? null;
      case "MV_CONTAINS":
        return (row) => {
          const held = unpacked(first!(row));
          return unpacked(second!(row)).every((value) => held.includes(value));
        };
      case "MV_APPEND":
        return (row) => {
          const [a, b] = [first!(row), second!(row)];
          return a === null || b === null ? null : packed([...unpacked(a), ...unpacked(b)]);
        };
      case "CASE":
        return (row) => {
          for (let at = 0; at + 1 < args.length; at += 2) if (args[at]!(row) === true) return args[at + 1]!(row);
          return args.length % 2 === 1 ? args.at(-1)!(row) : null;
        };
      case "CIDR_MATCH":
        return (row) =>
          single(first!(row), (value) =>
            args.slice(1).some((block) => dslMatches({ terms: { "source.ip": [block(row)] } }, { source: { ip: value } })),
          );
      default:
        throw new Error(`there is no function ${name}`);
    }
  }
}

function documentOf(row: Row): unknown {
  if (row.document === null) throw new Error("a search function after rows were made anew");
  return row.document;
}

const COMPARISONS: { readonly [sign: string]: (difference: number) => boolean } = {
  "==": (d) => d === 0,
  "!=": (d) => d !== 0,
  "<=": (d) => d <= 0,
  ">=": (d) => d >= 0,
  "<": (d) => d < 0,
  ">": (d) => d > 0,
};

/** Null of no value and of several. */
function single(value: Value, test: (value: Scalar) => boolean): boolean | null {
  return value === null || Array.isArray(value) ? null : test(value as Scalar);
}

function packed(values: readonly Scalar[]): Value {
  return values.length === 0 ? null : values.length === 1 ? values[0]! : values;
}

function unpacked(value: Value): readonly Scalar[] {
  return value === null ? [] : Array.isArray(value) ? (value as readonly Scalar[]) : [value as Scalar];
}

function text(value: Scalar): string {
  if (typeof value !== "string") throw new Error(`text expected, not ${typeof value}`);
  return value;
}

function less(a: Value, b: Value): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "boolean" && typeof b === "boolean") return Number(a) - Number(b);
  if (typeof a === "string" && typeof b === "string") {
    const [x, y] = [[...a], [...b]];
    for (let at = 0; at < Math.max(x.length, y.length); at++) {
      const difference = (x[at]?.codePointAt(0) ?? -1) - (y[at]?.codePointAt(0) ?? -1);
      if (difference !== 0) return difference;
    }
    return 0;
  }
  throw new Error(`not to be compared: ${String(a)}, ${String(b)}`);
}

function likeRegex(pattern: string): RegExp {
  let out = "";
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at]!;
    if (char === "*") out += ".*";
    else if (char === "?") out += ".";
    else if (char === "\\") {
      const next = pattern[++at];
      if (next === undefined || !"*?\\".includes(next)) throw new Error(`bad escape in LIKE: ${pattern}`);
      out += `\\${next}`;
    } else out += char.replaceAll(/[\\^$.|+()[\]{}/]/g, String.raw`\$&`);
  }
  return new RegExp(`^(?:${out})$`, "su");
}
