/**
 * Perl's expressions, as Sigma's `re` has them, in the words that RE2, Rust, PCRE, Java and Python all read the same way. What one of
 * them lacks is written otherwise: names of groups go, `\h` and `[:alpha:]` become classes, code points become characters.
 */
import type { Unsupported } from "../../eql/index.ts";
import { isPlainText } from "../plain-text.ts";
import { UNSUPPORTED } from "../unsupported.ts";

export interface Pcre {
  /** Found anywhere in the text. */
  readonly source: string;
  /** Letters out of `i`, `m`, `s`. */
  readonly flags: string;
}

/** Characters with a meaning of their own unless a backslash precedes them. */
export const PCRE_SPECIAL: ReadonlySet<string> = new Set("\\^$.|?*+()[]{}/");
/** The same within a class; two `&`, `~` or `-` in a row are operators in some. */
const CLASS_SPECIAL: ReadonlySet<string> = new Set("\\^-[]&~/");

const POSIX: Readonly<Record<string, string>> = {
  alpha: "A-Za-z",
  digit: "0-9",
  alnum: "0-9A-Za-z",
  upper: "A-Z",
  lower: "a-z",
  space: String.raw`\s`,
  blank: String.raw` \t`,
  punct: String.raw`!-\/:-@\[-` + "`{-~",
  print: " -~",
  graph: "!-~",
  cntrl: String.raw`\x00-\x1f\x7f`,
  xdigit: "0-9A-Fa-f",
  word: String.raw`\w`,
};

const CODES: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, f: 12, v: 11, a: 7, e: 27 };

export function commonPcre(source: string, flags: string): Pcre | Unsupported {
  const writer = new Writer(source, flags);
  return writer.write();
}

class Writer {
  readonly #source: string;
  #flags: string;
  #at = 0;
  #out = "";

  constructor(source: string, flags: string) {
    this.#source = source;
    this.#flags = flags;
  }

  write(): Pcre | Unsupported {
    this.#leadingFlags();
    let depth = 0;
    /** Whether the last thing written can be repeated, and whether it is a repeat. */
    let last: "nothing" | "atom" | "anchor" | "repeat" = "nothing";
    while (this.#at < this.#source.length) {
      const char = this.#next();
      switch (char) {
        case "\\": {
          const escape = this.#escape();
          if (typeof escape !== "string") return escape;
          this.#out += escape;
          last = /^\\[bBA]$|\\z$/.test(escape) ? "anchor" : escape === "" ? last : "atom";
          break;
        }
        case "[": {
          const members = this.#class();
          if (typeof members !== "string") return members;
          this.#out += members;
          last = "atom";
          break;
        }
        case "(": {
          const opened = this.#group();
          if (typeof opened !== "string") return opened;
          this.#out += opened;
          if (opened !== "") depth++;
          last = opened === "" ? last : "nothing";
          break;
        }
        case ")":
          if (--depth < 0) return UNSUPPORTED.regexClosing;
          this.#out += char;
          last = "atom";
          break;
        case "|":
          this.#out += char;
          last = "nothing";
          break;
        case "*":
        case "+":
        case "?":
          if (last === "anchor") return UNSUPPORTED.regexAnchor;
          // `+?` is a lazy repeat, `++` a possessive one.
          if (last === "nothing" || (last === "repeat" && char !== "?")) return UNSUPPORTED.regexNotPortable;
          this.#out += char;
          last = last === "repeat" ? "nothing" : "repeat";
          break;
        case "{": {
          const bounds = /^\d{1,4}(?:,\d{0,4})?\}/.exec(this.#source.slice(this.#at, this.#at + 12));
          if (bounds !== null && last !== "atom") return UNSUPPORTED.regexAnchor;
          if (bounds === null) {
            this.#out += String.raw`\{`;
            last = "atom";
          } else {
            this.#out += `{${bounds[0]}`;
            this.#at += bounds[0].length;
            last = "repeat";
          }
          break;
        }
        case "^":
        case "$":
          this.#out += char;
          last = "anchor";
          break;
        case ".":
          this.#out += char;
          last = "atom";
          break;
        default:
          this.#out += pcreLiteral(char, PCRE_SPECIAL);
          last = "atom";
      }
    }
    return depth > 0 ? UNSUPPORTED.regexGroup : { source: this.#out, flags: this.#flags };
  }

  /** A whole character, whatever its length. */
  #next(): string {
    const char = String.fromCodePoint(this.#source.codePointAt(this.#at)!);
    this.#at += char.length;
    return char;
  }

  #peek(length: number): string {
    return this.#source.slice(this.#at, this.#at + length);
  }

  /** `(?i)` at the beginning is a flag of the whole. */
  #leadingFlags(): void {
    const found = /^\(\?([ims]+)\)/.exec(this.#peek(8));
    if (found === null) return;
    this.#at += found[0].length;
    for (const flag of found[1]!) if (!this.#flags.includes(flag)) this.#flags += flag;
  }

  /** What opens a group; "" for what is none. */
  #group(): string | Unsupported {
    if (this.#peek(1) !== "?") return "(";
    const rest = this.#peek(80);
    if (rest.startsWith("?#")) {
      const end = this.#source.indexOf(")", this.#at);
      if (end < 0) return UNSUPPORTED.regexComment;
      this.#at = end + 1;
      return "";
    }
    const named = /^\?(?:P?<[A-Za-z_]\w*>|'[A-Za-z_]\w*')/.exec(rest);
    if (named !== null) {
      this.#at += named[0].length;
      return "(?:";
    }
    const flagged = /^\?([ims]*)(?:-([ims]+))?:/.exec(rest);
    if (flagged === null) return /^\?[a-zA-Z-]*\)/.test(rest) ? UNSUPPORTED.regexFlags : UNSUPPORTED.regexNotPortable;
    this.#at += flagged[0].length;
    return `(${flagged[0]}`;
  }

  /** What the backslash, which is taken, begins outside a class. */
  #escape(): string | Unsupported {
    const char = this.#peek(1);
    if (char === "") return UNSUPPORTED.regexBackslash;
    if (/[dDwWsSbBA]/.test(char)) {
      this.#at++;
      return `\\${char}`;
    }
    if (char === "z" || char === "Z") {
      this.#at++;
      return char === "z" ? END : String.raw`\n?${END}`;
    }
    if (char === "h" || char === "H") {
      this.#at++;
      return char === "h" ? String.raw`[ \t]` : String.raw`[^ \t]`;
    }
    if (char === "Q") {
      const end = this.#source.indexOf(String.raw`\E`, this.#at);
      const text = this.#source.slice(this.#at + 1, end < 0 ? undefined : end);
      this.#at = end < 0 ? this.#source.length : end + 2;
      return [...text].map((one) => pcreLiteral(one, PCRE_SPECIAL)).join("");
    }
    const code = this.#code();
    return code === null ? UNSUPPORTED.regexNotPortable : pcreLiteral(String.fromCodePoint(code), PCRE_SPECIAL);
  }

  /** The code point that an escape stands for; null where it stands for none. */
  #code(): number | null {
    const hex = /^(?:x\{([0-9A-Fa-f]{1,6})\}|x([0-9A-Fa-f]{2})|u\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))/.exec(
      this.#peek(10),
    );
    if (hex !== null) {
      const code = Number.parseInt(hex[1] ?? hex[2] ?? hex[3] ?? hex[4] ?? hex[5]!, 16);
      this.#at += hex[0].length;
      return code > 0x10_ffff || (code >= 0xd800 && code < 0xe000) ? null : code;
    }
    const octal = /^0[0-7]{0,2}/.exec(this.#peek(3));
    if (octal !== null) {
      this.#at += octal[0].length;
      return Number.parseInt(octal[0], 8);
    }
    const control = /^c([@-_a-z])/.exec(this.#peek(2));
    if (control !== null) {
      this.#at += 2;
      return control[1]!.charCodeAt(0) & 31;
    }
    const char = this.#next();
    if (Object.hasOwn(CODES, char)) return CODES[char]!;
    return /[A-Za-z0-9]/.test(char) ? null : char.codePointAt(0)!;
  }

  /** A class, its `[` taken. */
  #class(): string | Unsupported {
    let out = "[";
    if (this.#peek(1) === "^") {
      this.#at++;
      out += "^";
    }
    // What a hyphen may make a range from: a single character that ends no range.
    let from = false;
    let open = false;
    for (let first = true; ; first = false) {
      if (this.#at >= this.#source.length) return UNSUPPORTED.regexClass;
      const char = this.#next();
      if (char === "]" && !first) return `${out}]`;
      if (char === "-" && from && !/^(?:\]|\\[dDwWsSh]|\[:)/.test(this.#peek(2))) {
        out += "-";
        from = false;
        open = true;
        continue;
      }
      const set = char === "[" || char === "\\" ? this.#set(char) : null;
      if (set !== null) out += set;
      else {
        const code = char === "\\" ? this.#member() : char.codePointAt(0)!;
        if (code === null) return UNSUPPORTED.regexNotPortable;
        out += pcreLiteral(String.fromCodePoint(code), CLASS_SPECIAL);
      }
      from = set === null && !open;
      open = false;
    }
  }

  /** `\d`, `[:alpha:]`: several characters within a class; null where it is none of these. */
  #set(char: string): string | null {
    if (char === "\\") {
      const next = this.#peek(1);
      if (next === "" || !"dDwWsSh".includes(next)) return null;
      this.#at++;
      return next === "h" ? String.raw` \t` : `\\${next}`;
    }
    const posix = /^:([a-z]+):\]/.exec(this.#peek(20));
    if (posix === null || !Object.hasOwn(POSIX, posix[1]!)) return null;
    this.#at += posix[0].length;
    return POSIX[posix[1]!]!;
  }

  /** An escape within a class, where `\b` is a backspace and `\1` octal. */
  #member(): number | null {
    if (this.#peek(1) === "b") {
      this.#at++;
      return 8;
    }
    const octal = /^[1-7][0-7]{0,2}/.exec(this.#peek(3));
    if (octal === null) return this.#code();
    this.#at += octal[0].length;
    return Number.parseInt(octal[0], 8);
  }
}

/** Of the text; Python has it under another name. */
const END = String.raw`\z`;

/** A character that stands for itself. What cannot be seen, or would end a line of the target's text, is written as an escape. */
export function pcreLiteral(char: string, special: ReadonlySet<string>): string {
  const code = char.codePointAt(0)!;
  if (char === "\n") return String.raw`\n`;
  if (char === "\r") return String.raw`\r`;
  if (char === "\t") return String.raw`\t`;
  if (!isPlainText(char)) return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\x{${code.toString(16)}}`;
  return special.has(char) ? `\\${char}` : char;
}
