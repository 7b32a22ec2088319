import { ANY, DIGIT, LUCENE_SPACE, WORD, anyCase, charSet, complement, type CharSet } from "./char-set.ts";
import { BadRegex, Cursor, MAX_DEPTH } from "./cursor.ts";
import type { RegexNode, NodeTable } from "./node.ts";

/**
 * Lucene's regular expressions with all optional operators on, as Elasticsearch runs them. In order of binding, loosest first:
 * `|`, `&`, one after another, the repeats `? * + {n,m}`, `~` (complement). `.` is any character, line breaks included, `@` any
 * text, `#` nothing, `"..."` a literal, `<1-9>` a number in decimal, `()` the empty text; `^` and `$` are ordinary.
 *
 * Without regard to case, every letter of the pattern, ranges included, stands for all its cases.
 */
export function parseLucene(source: string, insensitive: boolean, table: NodeTable): RegexNode {
  if (source === "") return table.empty;
  return new LuceneParser(source, insensitive, table).whole();
}

class LuceneParser {
  readonly #c: Cursor;
  readonly #insensitive: boolean;
  readonly #table: NodeTable;
  #depth = 0;

  constructor(source: string, insensitive: boolean, table: NodeTable) {
    this.#c = new Cursor(source);
    this.#insensitive = insensitive;
    this.#table = table;
  }

  whole(): RegexNode {
    const node = this.#union();
    if (this.#c.more) throw new BadRegex("`)` closes nothing", this.#c.at, "Write `\\\\)` for the character itself.");
    return node;
  }

  #union(): RegexNode {
    if (++this.#depth > MAX_DEPTH) throw new BadRegex("The groups are nested too deeply", this.#c.at);
    const parts = [this.#intersection()];
    while (this.#c.take("|")) parts.push(this.#intersection());
    this.#depth--;
    return this.#table.or(parts);
  }

  #intersection(): RegexNode {
    const parts = [this.#concat()];
    while (this.#c.take("&")) parts.push(this.#concat());
    return this.#table.and(parts);
  }

  #concat(): RegexNode {
    const parts = [this.#repeat()];
    while (this.#c.more && !")|&".includes(this.#c.peek())) parts.push(this.#repeat());
    return this.#table.sequence(parts);
  }

  #repeat(): RegexNode {
    let node = this.#complement();
    for (;;) {
      if (this.#c.take("?")) node = this.#table.repeat(node, 0, 1);
      else if (this.#c.take("*")) node = this.#table.repeat(node, 0, null);
      else if (this.#c.take("+")) node = this.#table.repeat(node, 1, null);
      else if (this.#c.sees("{")) {
        const at = this.#c.at;
        const bounds = this.#c.bounds();
        if (bounds === null) throw new BadRegex("A repeat is written {n}, {n,} or {n,m}", at, "Write `\\\\{` for the character itself.");
        node = this.#table.repeat(node, bounds.min, bounds.max);
      } else return node;
    }
  }

  #complement(): RegexNode {
    let negations = 0;
    while (this.#c.take("~")) negations++;
    const node = this.#simple();
    return negations % 2 === 1 ? this.#table.not(node) : node;
  }

  #simple(): RegexNode {
    const c = this.#c;
    const table = this.#table;
    const at = c.at;
    if (c.take(".")) return table.set(ANY);
    if (c.take("@")) return table.all();
    if (c.take("#")) return table.never;
    if (c.take("[")) return table.set(this.#class(at));
    if (c.take('"')) {
      const end = c.source.indexOf('"', c.at);
      if (end < 0) throw new BadRegex('The `"` is never closed', at, 'Write `\\\\\\"` for the character itself.');
      const text = c.source.slice(c.at, end);
      c.at = end + 1;
      return table.sequence([...text].map((char) => this.#character(char.codePointAt(0)!)));
    }
    if (c.take("()")) return table.empty;
    if (c.take("(")) {
      const node = this.#union();
      if (!c.take(")")) throw new BadRegex("The `(` is never closed", at, "Close it with `)`.");
      return node;
    }
    if (c.take("<")) return this.#interval(at);
    if (c.take("\\")) {
      const predefined = this.#predefined();
      return predefined === null ? this.#character(c.next()) : table.set(predefined);
    }
    if (c.sees(")") || c.sees("|") || c.sees("&"))
      throw new BadRegex(`Something must stand before \`${c.peek()}\``, at, "Write `()` for the empty text.");
    return this.#character(c.next());
  }

  #character(code: number): RegexNode {
    const set = [code, code];
    return this.#table.set(this.#insensitive ? anyCase(set) : set);
  }

  /** `\d` and its like, with the backslash taken; null (and nothing taken) where it is another escape. */
  #predefined(): CharSet | null {
    const set = PREDEFINED.get(this.#c.peek());
    if (set === undefined) return null;
    this.#c.at++;
    return set;
  }

  #class(at: number): CharSet {
    const c = this.#c;
    const negated = c.take("^");
    const ranges: [number, number][] = [];
    do {
      if (!c.more) throw new BadRegex("The `[` is never closed", at, "Close it with `]`.");
      if (c.take("\\")) {
        const predefined = this.#predefined();
        if (predefined !== null) {
          for (let i = 0; i < predefined.length; i += 2) ranges.push([predefined[i]!, predefined[i + 1]!]);
          continue;
        }
      }
      const start = c.at;
      const from = c.next();
      if (c.sees("-") && c.source[c.at + 1] !== "]" && c.at + 1 < c.source.length) {
        c.at++;
        c.take("\\");
        const to = c.next();
        if (to < from) throw new BadRegex(`The range ${c.source.slice(start, c.at)} ends below its start`, start);
        ranges.push([from, to]);
      } else ranges.push([from, from]);
    } while (!c.sees("]"));
    c.at++;
    const set = this.#insensitive ? anyCase(charSet(ranges)) : charSet(ranges);
    return negated ? complement(set) : set;
  }

  #interval(at: number): RegexNode {
    const c = this.#c;
    const end = c.source.indexOf(">", c.at);
    const match = end < 0 ? null : /^(\d{1,10})-(\d{1,10})$/.exec(c.source.slice(c.at, end));
    if (match === null) throw new BadRegex("A number interval is written <n-m>", at, "Write `\\\\<` for the character itself.");
    c.at = end + 1;
    const a = Number(match[1]);
    const b = Number(match[2]);
    if (Math.max(a, b) > 2147483647) throw new BadRegex("The interval is out of range", at);
    const width = match[1]!.length === match[2]!.length ? match[1]!.length : 0;
    return this.#decimals(Math.min(a, b), Math.max(a, b), width);
  }

  /** Numbers from `min` to `max` with `width` digits; 0 is any width, so any leading zeros. */
  #decimals(min: number, max: number, width: number): RegexNode {
    const table = this.#table;
    if (width > 0) return this.#digits(String(min).padStart(width, "0"), String(max).padStart(width, "0"));
    const parts: RegexNode[] = [];
    for (let length = String(min).length; length <= String(max).length; length++) {
      const low = Math.max(min, length === 1 ? 0 : 10 ** (length - 1));
      const high = Math.min(max, 10 ** length - 1);
      if (low <= high) parts.push(this.#digits(String(low), String(high)));
    }
    return table.concat(table.repeat(table.set([48, 48]), 0, null), table.or(parts));
  }

  /** Digit texts of one length from `low` to `high`. */
  #digits(low: string, high: string): RegexNode {
    const table = this.#table;
    if (low === "") return table.empty;
    const a = Number(low[0]);
    const b = Number(high[0]);
    const digit = (from: number, to: number): RegexNode => table.set([48 + from, 48 + to]);
    if (a === b) return table.concat(digit(a, a), this.#digits(low.slice(1), high.slice(1)));
    const rest = low.length - 1;
    const parts = [
      table.concat(digit(a, a), this.#digits(low.slice(1), "9".repeat(rest))),
      table.concat(digit(b, b), this.#digits("0".repeat(rest), high.slice(1))),
    ];
    if (b - a > 1) parts.push(table.concat(digit(a + 1, b - 1), table.repeat(digit(0, 9), rest, rest)));
    return table.or(parts);
  }
}

const PREDEFINED: ReadonlyMap<string, CharSet> = new Map([
  ["d", DIGIT],
  ["D", complement(DIGIT)],
  ["w", WORD],
  ["W", complement(WORD)],
  ["s", LUCENE_SPACE],
  ["S", complement(LUCENE_SPACE)],
]);
