import { ANY, DIGIT, NEWLINE, SPACE, WORD, anyCase, charSet, complement, union, type CharSet } from "./char-set.ts";
import { BadRegex, Cursor, MAX_DEPTH } from "./cursor.ts";
import type { RegexNode, NodeTable } from "./node.ts";

/**
 * The regular part of Perl's expressions, as Sigma's `re` has them: found anywhere in the value. What is not regular (look-around,
 * back references, atomic groups, possessive repeats) is refused with its place. Lazy repeats find the same values as greedy ones.
 *
 * @param flags letters out of `i` (any case), `m` (`^` and `$` at line breaks), `s` (`.` takes line breaks).
 */
export function parsePcre(source: string, flags: string, table: NodeTable): RegexNode {
  return new PcreParser(source, { i: flags.includes("i"), m: flags.includes("m"), s: flags.includes("s"), x: false }, table).whole();
}

interface Flags {
  readonly i: boolean;
  readonly m: boolean;
  readonly s: boolean;
  readonly x: boolean;
}

class PcreParser {
  readonly #c: Cursor;
  readonly #table: NodeTable;
  #flags: Flags;
  #depth = 0;

  constructor(source: string, flags: Flags, table: NodeTable) {
    this.#c = new Cursor(source);
    this.#flags = flags;
    this.#table = table;
  }

  whole(): RegexNode {
    const node = this.#alternatives();
    if (this.#c.more) throw new BadRegex("`)` closes nothing", this.#c.at, "Write `\\)` for the character itself.");
    return node;
  }

  /** Flags set inside last to the end of the group. */
  #alternatives(): RegexNode {
    if (++this.#depth > MAX_DEPTH) throw new BadRegex("The groups are nested too deeply", this.#c.at);
    const outer = this.#flags;
    const parts = [this.#sequence()];
    while (this.#c.take("|")) parts.push(this.#sequence());
    this.#flags = outer;
    this.#depth--;
    return this.#table.or(parts);
  }

  #sequence(): RegexNode {
    const c = this.#c;
    const parts: RegexNode[] = [];
    while (c.more && !c.sees("|") && !c.sees(")")) {
      if (this.#flags.x && this.#skipBlank()) continue;
      const at = c.at;
      if (c.take("\\Q")) {
        const end = c.source.indexOf("\\E", c.at);
        const text = c.source.slice(c.at, end < 0 ? undefined : end);
        c.at += text.length + (end < 0 ? 0 : 2);
        for (const char of text) parts.push(this.#character(char.codePointAt(0)!));
        const last = parts.pop();
        if (last !== undefined) parts.push(text === "" ? last : this.#repeats(last, at));
        continue;
      }
      const atom = this.#atom();
      if (atom !== null) parts.push(this.#repeats(atom, at));
    }
    return this.#table.sequence(parts);
  }

  #skipBlank(): boolean {
    const c = this.#c;
    if (" \t\r\n\f\v".includes(c.peek())) {
      c.at++;
      return true;
    }
    if (!c.take("#")) return false;
    while (c.more && c.peek() !== "\n") c.at++;
    return true;
  }

  #repeats(atom: RegexNode, from: number): RegexNode {
    const c = this.#c;
    let node = atom;
    let repeated = false;
    for (;;) {
      const at = c.at;
      let bounds: { readonly min: number; readonly max: number | null } | null;
      if (c.take("*")) bounds = { min: 0, max: null };
      else if (c.take("+")) bounds = { min: 1, max: null };
      else if (c.take("?")) bounds = { min: 0, max: 1 };
      else bounds = c.sees("{") ? c.bounds() : null;
      if (bounds === null) return node;
      if (repeated) throw new BadRegex("Nothing to repeat", at, `Put \`${c.source.slice(from, at)}\` in parentheses.`);
      repeated = true;
      if (c.sees("+")) throw new BadRegex("Possessive repeats are not supported", c.at, "Leave out the second `+`.");
      c.take("?");
      node = this.#table.repeat(node, bounds.min, bounds.max);
    }
  }

  /** null for what matches nothing by itself, such as `(?i)` or a comment. */
  #atom(): RegexNode | null {
    const c = this.#c;
    const table = this.#table;
    const at = c.at;
    if (c.take(".")) return table.set(this.#flags.s ? ANY : complement(NEWLINE));
    if (c.take("^")) return table.anchor(this.#flags.m ? "line-start" : "text-start");
    if (c.take("$")) return this.#flags.m ? table.anchor("line-end") : this.#beforeEnd();
    if (c.take("[")) return table.set(this.#class(at));
    if (c.take("(")) return this.#group(at);
    if (c.take("\\")) return this.#escape(at);
    if ("*+?".includes(c.peek())) throw new BadRegex("Nothing to repeat", at, `Write \`\\${c.peek()}\` for the character itself.`);
    return this.#character(c.next());
  }

  /** At the end, or before a line break that ends the text. The line break may be eaten: nothing else can follow it. */
  #beforeEnd(): RegexNode {
    const table = this.#table;
    const end = table.anchor("text-end");
    return table.concat(table.repeat(table.set(NEWLINE), 0, 1), end);
  }

  #character(code: number): RegexNode {
    return this.#table.set(this.#cased([code, code]));
  }

  #cased(set: CharSet): CharSet {
    return this.#flags.i ? anyCase(set) : set;
  }

  #group(at: number): RegexNode | null {
    const c = this.#c;
    if (!c.take("?")) return this.#rest(at);
    if (c.take(":")) return this.#rest(at);
    if (c.take("#")) {
      const end = c.source.indexOf(")", c.at);
      if (end < 0) throw new BadRegex("The comment is never closed", at);
      c.at = end + 1;
      return null;
    }
    if (c.sees("=") || c.sees("!") || c.sees("<=") || c.sees("<!"))
      throw new BadRegex("Look-around is not supported", at, "Say it with a second condition on the same field.");
    if (c.sees(">")) throw new BadRegex("Atomic groups are not supported", at, "Write `(?:`.");
    if (c.sees("P=") || c.sees("P>") || c.sees("&") || c.sees("R") || /^\d/.test(c.peek()))
      throw new BadRegex("Back references and recursion are not supported", at);
    const name = /^(?:P?<([A-Za-z_]\w*)>|'([A-Za-z_]\w*)')/.exec(c.source.slice(c.at, c.at + 80));
    if (name !== null) {
      c.at += name[0].length;
      return this.#rest(at);
    }
    const letters = /^([imsxUuL]*)(?:-([imsx]*))?([:)])/.exec(c.source.slice(c.at, c.at + 20));
    if (letters === null) throw new BadRegex("Unknown kind of group", at);
    c.at += letters[0].length;
    const on = letters[1]!;
    const off = letters[2] ?? "";
    const outer = this.#flags;
    const flag = (letter: keyof Flags): boolean => (outer[letter] || on.includes(letter)) && !off.includes(letter);
    this.#flags = { i: flag("i"), m: flag("m"), s: flag("s"), x: flag("x") };
    if (letters[3] === ")") return null;
    const node = this.#rest(at);
    this.#flags = outer;
    return node;
  }

  #rest(at: number): RegexNode {
    const node = this.#alternatives();
    if (!this.#c.take(")")) throw new BadRegex("The `(` is never closed", at, "Close it with `)`.");
    return node;
  }

  #escape(at: number): RegexNode {
    const c = this.#c;
    const table = this.#table;
    const set = PREDEFINED.get(c.peek());
    if (set !== undefined) {
      c.at++;
      return table.set(set);
    }
    if (c.take("b")) return table.anchor("boundary");
    if (c.take("B")) return table.anchor("not-boundary");
    if (c.take("A")) return table.anchor("text-start");
    if (c.take("z")) return table.anchor("text-end");
    if (c.take("Z")) return this.#beforeEnd();
    if (c.take("R"))
      return table.or([table.sequence([table.set([13, 13]), table.set(NEWLINE)]), table.set([10, 13, 0x85, 0x85, 0x2028, 0x2029])]);
    if (/[1-9]/.test(c.peek()) || c.sees("k") || c.sees("g")) throw new BadRegex("Back references are not supported", at);
    if ("GKXCpPN".includes(c.peek()) && c.more) throw new BadRegex(`\`\\${c.peek()}\` is not supported`, at);
    return this.#character(this.#escaped(at));
  }

  /** The code point that an escape stands for, the backslash taken. */
  #escaped(at: number): number {
    const c = this.#c;
    const simple = ESCAPES.get(c.peek());
    if (simple !== undefined) {
      c.at++;
      return simple;
    }
    const hex = /^(?:x\{([0-9A-Fa-f]{1,6})\}|x([0-9A-Fa-f]{2})|u\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))/.exec(
      c.source.slice(c.at, c.at + 10),
    );
    if (hex !== null) {
      const code = Number.parseInt(hex[1] ?? hex[2] ?? hex[3] ?? hex[4] ?? hex[5]!, 16);
      if (code > 0x10ffff) throw new BadRegex("There is no such code point", at);
      c.at += hex[0].length;
      return code;
    }
    const octal = /^0[0-7]{0,2}/.exec(c.source.slice(c.at, c.at + 3));
    if (octal !== null) {
      c.at += octal[0].length;
      return Number.parseInt(octal[0], 8);
    }
    if (/^c[@-_a-z]/.test(c.source.slice(c.at, c.at + 2))) {
      c.at++;
      return c.next() & 31;
    }
    if (/[A-Za-z]/.test(c.peek()))
      throw new BadRegex(`\`\\${c.peek()}\` is not a known escape`, at, `Write \`${c.peek()}\` for the letter itself.`);
    return c.next();
  }

  #class(at: number): CharSet {
    const c = this.#c;
    const negated = c.take("^");
    const sets: CharSet[] = [];
    const ranges: [number, number][] = [];
    let first = true;
    while (first || !c.sees("]")) {
      if (!c.more) throw new BadRegex("The `[` is never closed", at, "Close it with `]`.");
      first = false;
      const start = c.at;
      const named = /^\[:(\^?)([a-z]+):\]/.exec(c.source.slice(c.at, c.at + 20));
      if (named !== null) {
        const set = POSIX.get(named[2]!);
        if (set === undefined) throw new BadRegex(`[:${named[2]}:] is not a known class`, start);
        sets.push(named[1] === "^" ? complement(set) : set);
        c.at += named[0].length;
        continue;
      }
      const from = this.#member(start, sets);
      if (from === null) continue;
      if (c.sees("-") && c.source[c.at + 1] !== "]" && c.at + 1 < c.source.length) {
        c.at++;
        const before = sets.length;
        const to = this.#member(start, sets);
        if (to === null) {
          // `[a-\d]`: the hyphen is itself.
          if (sets.length > before) ranges.push([from, from], [45, 45]);
        } else if (to < from) throw new BadRegex(`The range ${c.source.slice(start, c.at)} ends below its start`, start);
        else ranges.push([from, to]);
      } else ranges.push([from, from]);
    }
    c.at++;
    const set = this.#cased(union(charSet(ranges), ...sets));
    return negated ? complement(set) : set;
  }

  /** One code point of a class; null where it was `\d` or its like, which went to `sets`. */
  #member(at: number, sets: CharSet[]): number | null {
    const c = this.#c;
    if (!c.take("\\")) return c.next();
    const set = PREDEFINED.get(c.peek());
    if (set !== undefined) {
      c.at++;
      sets.push(set);
      return null;
    }
    if (c.take("b")) return 8;
    if ("pPN".includes(c.peek()) && c.more) throw new BadRegex(`\`\\${c.peek()}\` is not supported`, at);
    if (/[1-7]/.test(c.peek())) {
      const octal = /^[0-7]{1,3}/.exec(c.source.slice(c.at, c.at + 3))![0];
      c.at += octal.length;
      return Number.parseInt(octal, 8);
    }
    return this.#escaped(at);
  }
}

const BLANK: CharSet = [9, 9, 32, 32];

const PREDEFINED: ReadonlyMap<string, CharSet> = new Map([
  ["d", DIGIT],
  ["D", complement(DIGIT)],
  ["w", WORD],
  ["W", complement(WORD)],
  ["s", SPACE],
  ["S", complement(SPACE)],
  ["h", BLANK],
  ["H", complement(BLANK)],
]);

const ESCAPES: ReadonlyMap<string, number> = new Map([
  ["n", 10],
  ["t", 9],
  ["r", 13],
  ["f", 12],
  ["v", 11],
  ["a", 7],
  ["e", 27],
]);

const POSIX: ReadonlyMap<string, CharSet> = new Map([
  ["alpha", [65, 90, 97, 122]],
  ["digit", DIGIT],
  ["alnum", [48, 57, 65, 90, 97, 122]],
  ["upper", [65, 90]],
  ["lower", [97, 122]],
  ["space", SPACE],
  ["blank", BLANK],
  ["punct", [33, 47, 58, 64, 91, 96, 123, 126]],
  ["print", [32, 126]],
  ["graph", [33, 126]],
  ["cntrl", [0, 31, 127, 127]],
  ["xdigit", [48, 57, 65, 70, 97, 102]],
  ["word", WORD],
]);
