/** Patterns of `like`, `rlike`, `replace`, `grok` and `dissect`. Regular expressions run in time linear in the text (RE2). */
import { RE2JS } from "re2js";
import { parseWildcard, prepareWildcard, type Span, type WildcardPart } from "../eql/index.ts";
import { EsqlError } from "./error.ts";

/** `*` and `?` are wildcards, a backslash takes their meaning; anchored, with case. */
export function likeTest(pattern: string): (text: string) => boolean {
  const parts: WildcardPart[] = [];
  for (const piece of pattern.split(/(\\[*?\\])/)) {
    const read: readonly WildcardPart[] = /^\\[*?\\]$/.test(piece) ? [{ kind: "literal", text: piece[1]! }] : parseWildcard(piece);
    for (const part of read) {
      const last = parts.at(-1);
      if (part.kind === "literal" && last?.kind === "literal") parts[parts.length - 1] = { kind: "literal", text: last.text + part.text };
      else parts.push(part);
    }
  }
  return prepareWildcard(parts, false).test;
}

/** A regular expression made ready. */
export interface Regex {
  /** Whether the whole text fits. */
  readonly matches: (text: string) => boolean;
  /** Throws an `Error` where the text is too long for it. */
  readonly replaceAll: (text: string, by: string) => string;
}

/** A regular expression of Java's syntax. Throws an `EsqlError` where it cannot be read. */
export function regexOf(source: string, span: Span, flags = 0): Regex {
  if (/\(\?(?:[=!]|<[=!])/.test(source)) return lookingAround(source, span);
  const regex = compiled(source, span, flags);
  return { matches: (text) => regex.matches(text), replaceAll: (text, by) => regex.matcher(text).replaceAll(by) };
}

/** RE2 never goes back, so a possessive quantifier (`a++`) is an ordinary one. */
function compiled(source: string, span: Span, flags: number): RE2JS {
  try {
    return RE2JS.compile(source.replaceAll(/(?<!\\)((?:\\\\)*[*+?}])\+/g, "$1"), flags);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw badRegex(error.message, span);
  }
}

function badRegex(message: string, span: Span): EsqlError {
  return new EsqlError(
    "esql/bad-pattern",
    `The regular expression cannot be read: ${message.split("\n")[0]!}`,
    span,
    "References back are not supported.",
  );
}

/** Longest text for an expression that looks around: its time is not linear. */
const MAX_LOOKING_AROUND = 5_000;

/** RE2 does not look around, so JavaScript's own expressions do it: without repetitions within repetitions, and on short texts alone. */
function lookingAround(source: string, span: Span): Regex {
  if (/[*+}]\)[*+{]/.test(source)) throw badRegex("it looks around, and repeats what repeats", span);
  const make = (flags: string, text = source): RegExp => {
    try {
      return new RegExp(text, flags);
    } catch (error) {
      throw badRegex((error as Error).message, span);
    }
  };
  const all = make("gs");
  const whole = make("s", `^(?:${source})$`);
  const short = (text: string): string => {
    if (text.length > MAX_LOOKING_AROUND)
      throw new Error(`a text is longer than ${MAX_LOOKING_AROUND} characters, and the expression looks around`);
    return text;
  };
  return { matches: (text) => whole.test(short(text)), replaceAll: (text, by) => short(text).replaceAll(all, by) };
}

/** Anchored, with case; `.` stands for line breaks too. */
export function rlikeTest(source: string, span: Span): (text: string) => boolean {
  return regexOf(source, span, RE2JS.DOTALL).matches;
}

/** What stands for a name within `%{..}`; RE2's syntax. */
const GROK: Readonly<Record<string, string>> = {
  BASE10NUM: String.raw`[+-]?(?:\d+(?:\.\d+)?|\.\d+)`,
  BASE16NUM: String.raw`[+-]?(?:0x)?[0-9A-Fa-f]+`,
  BOOLEAN: "true|false",
  DATA: ".*?",
  DAY: "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*",
  EMAILADDRESS: String.raw`[\w.+=:-]+@[\w.-]+`,
  GREEDYDATA: ".*",
  HOSTNAME: String.raw`[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}))*\.?`,
  HOUR: String.raw`(?:2[0-3]|[01]?\d)`,
  INT: String.raw`[+-]?\d+`,
  IP: String.raw`(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]+)`,
  IPV4: String.raw`\d{1,3}(?:\.\d{1,3}){3}`,
  IPV6: "[0-9A-Fa-f:]*:[0-9A-Fa-f:.]+",
  LOGLEVEL: "(?i:alert|trace|debug|notice|info(?:rmation)?|warn(?:ing)?|err(?:or)?|crit(?:ical)?|fatal|severe|emerg(?:ency)?)",
  MAC: "(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}",
  MINUTE: String.raw`[0-5]\d`,
  MONTH: "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*",
  MONTHDAY: String.raw`(?:0[1-9]|[12]\d|3[01]|[1-9])`,
  MONTHNUM: "(?:0?[1-9]|1[0-2])",
  NONNEGINT: String.raw`\d+`,
  NOTSPACE: String.raw`\S+`,
  NUMBER: String.raw`[+-]?(?:\d+(?:\.\d+)?|\.\d+)`,
  PATH: String.raw`(?:/[^\s]*|[A-Za-z]+:\\[^\s]*|\\\\[^\s]*)`,
  POSINT: String.raw`[1-9]\d*`,
  PROG: "[\\x21-\\x5a\\x5c\\x5e-\\x7e]+",
  QUOTEDSTRING: String.raw`(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')`,
  SECOND: String.raw`(?:[0-5]?\d|60)(?:[:.,]\d+)?`,
  SPACE: String.raw`\s*`,
  SYSLOGTIMESTAMP: String.raw`(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* +\d{1,2} \d{2}:\d{2}:\d{2}`,
  TIME: String.raw`(?:2[0-3]|[01]?\d):[0-5]\d(?::(?:[0-5]?\d|60)(?:[:.,]\d+)?)?`,
  TIMESTAMP_ISO8601: String.raw`\d{4}-\d{2}-\d{2}[T ]\d{2}:?\d{2}(?::?\d{2}(?:[.,]\d+)?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?`,
  UNIXPATH: String.raw`(?:/[\w.$%+~@!=:,-]*)+`,
  URI: String.raw`[A-Za-z][A-Za-z0-9+.-]*://\S*`,
  URIPROTO: "[A-Za-z][A-Za-z0-9+.-]*",
  URIHOST: String.raw`[A-Za-z0-9.-]+(?::\d+)?`,
  URIPATH: String.raw`(?:/[A-Za-z0-9$.+!*'(){},~:;=@#%&_-]*)+`,
  USER: "[A-Za-z0-9._-]+",
  USERNAME: "[A-Za-z0-9._-]+",
  UUID: "[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}",
  WINPATH: String.raw`(?:[A-Za-z]+:|\\)(?:\\[^\\?*]*)+`,
  WORD: String.raw`\w+`,
  YEAR: String.raw`\d{2}(?:\d{2})?`,
};

export type Extracted = readonly { readonly name: string; readonly value: string | number }[];

/** A pattern that takes columns out of a text. */
export interface Extraction {
  readonly columns: readonly { readonly name: string; readonly type: "text" | "integer" | "double" }[];
  /** Null where the text does not fit. */
  readonly extract: (text: string) => Extracted | null;
}

export function grokOf(pattern: string, span: Span): Extraction {
  const columns: { name: string; type: "text" | "integer" | "double" }[] = [];
  const source = pattern.replaceAll(
    /%\{(\w+)(?::([\w.@[\]]+))?(?::(int|long|float|double|keyword|string))?\}/g,
    (_, kind: string, name?: string, type?: string) => {
      const inside = Object.hasOwn(GROK, kind) ? GROK[kind] : undefined;
      if (inside === undefined)
        throw new EsqlError(
          "esql/bad-pattern",
          `There is no pattern \`%{${kind}}\``,
          span,
          `Patterns are ${Object.keys(GROK).join(", ")}.`,
        );
      if (name === undefined) return `(?:${inside})`;
      columns.push({
        name,
        type: type === "int" || type === "long" ? "integer" : type === "float" || type === "double" ? "double" : "text",
      });
      return `(?P<c${columns.length - 1}>${inside})`;
    },
  );
  // Captures may be named without a pattern too: `(?<name>..)`.
  const named = source.replaceAll(/\(\?<([A-Za-z][\w.@]*)>/g, (_, name: string) => {
    columns.push({ name, type: "text" });
    return `(?P<c${columns.length - 1}>`;
  });
  const regex = compiled(named, span, 0);
  return {
    columns,
    extract: (text) => {
      const matcher = regex.matcher(text);
      if (!matcher.find()) return null;
      return columns.flatMap(({ name, type }, at) => {
        const value = matcher.group(`c${at}`);
        return value === null || value === undefined ? [] : [{ name, value: type === "text" ? value : Number(value) }];
      });
    },
  };
}

/** `%{name} text %{+name} %{?skipped} %{name->}`: what stands between the texts. */
export function dissectOf(pattern: string, separator: string, span: Span): Extraction {
  const keys: { readonly name: string; readonly append: boolean; readonly skip: boolean; readonly padded: boolean }[] = [];
  const delimiters: string[] = [""];
  let at = 0;
  for (const match of pattern.matchAll(/%\{([+?]?)([^}]*?)(->)?\}/g)) {
    delimiters[delimiters.length - 1] = pattern.slice(at, match.index);
    delimiters.push("");
    const name = match[2]!.replace(/\/\d+$/, "");
    keys.push({ name, append: match[1] === "+", skip: match[1] === "?" || name === "", padded: match[3] !== undefined });
    at = match.index + match[0].length;
  }
  delimiters[delimiters.length - 1] = pattern.slice(at);
  if (keys.length === 0) throw new EsqlError("esql/bad-pattern", "The pattern has no `%{name}`", span);
  const names = [...new Set(keys.filter(({ skip }) => !skip).map(({ name }) => name))];
  return {
    columns: names.map((name) => ({ name, type: "text" })),
    extract: (text) => {
      if (!text.startsWith(delimiters[0]!)) return null;
      const found = new Map<string, string>();
      let from = delimiters[0]!.length;
      for (const [index, { name, append, skip, padded }] of keys.entries()) {
        const delimiter = delimiters[index + 1]!;
        const isLast = index === keys.length - 1 && delimiter === "";
        const to = isLast ? text.length : text.indexOf(delimiter, from);
        if (to < 0 || (delimiter === "" && !isLast)) return null;
        const value = text.slice(from, to);
        if (!skip) found.set(name, append && found.has(name) ? `${found.get(name)!}${separator}${value}` : value);
        from = to + delimiter.length;
        if (padded && delimiter !== "") while (text.startsWith(delimiter, from)) from += delimiter.length;
      }
      return [...found].map(([name, value]) => ({ name, value }));
    },
  };
}
