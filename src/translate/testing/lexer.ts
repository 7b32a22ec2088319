/**
 * Where literals and comments of a target's text begin and end, for languages of which no parser is at hand. Apart from what writes
 * the texts: the facts are those of the languages' references.
 */

export interface Token {
  readonly kind: "code" | "literal" | "comment";
  readonly text: string;
}

interface Delimited {
  readonly open: string;
  readonly close: string;
  /** How the closing sign is written within: behind a backslash, twice, or not at all. */
  readonly within: "backslash" | "doubled" | "none";
  /** It may go over several lines. */
  readonly lines?: true;
}

export interface Lexis {
  readonly literals: readonly Delimited[];
  /** From the sign to the other sign, or to the line's end. */
  readonly comments: readonly (readonly [open: string, close: string])[];
}

const C_COMMENTS = [
  ["//", "\n"],
  ["/*", "*/"],
] as const;
const SQL_COMMENTS = [
  ["--", "\n"],
  ["/*", "*/"],
] as const;
const QUOTED = { open: '"', close: '"', within: "backslash" } as const;
const SLASHED = { open: "/", close: "/", within: "backslash" } as const;

export const SPL: Lexis = { literals: [QUOTED, { open: "'", close: "'", within: "backslash" }], comments: [["```", "```"]] };
export const LOGSCALE: Lexis = { literals: [QUOTED, SLASHED], comments: C_COMMENTS };
export const SUMO: Lexis = { literals: [QUOTED, SLASHED], comments: C_COMMENTS };
export const YARAL: Lexis = { literals: [QUOTED, { open: "`", close: "`", within: "none" }, SLASHED], comments: C_COMMENTS };
export const KQL: Lexis = {
  literals: [
    { open: '@"', close: '"', within: "doubled" },
    QUOTED,
    { open: "@'", close: "'", within: "doubled" },
    { open: "'", close: "'", within: "backslash" },
  ],
  comments: [["//", "\n"]],
};
export const AQL: Lexis = {
  literals: [
    { open: "'", close: "'", within: "doubled" },
    { open: '"', close: '"', within: "doubled" },
  ],
  comments: SQL_COMMENTS,
};
export const DUCKDB: Lexis = AQL;
export const CLICKHOUSE: Lexis = {
  literals: [{ open: "'", close: "'", within: "backslash" }, QUOTED, { open: "`", close: "`", within: "backslash" }],
  comments: [...SQL_COMMENTS, ["#", "\n"]],
};
export const ESQL: Lexis = {
  literals: [{ open: '"""', close: '"""', within: "none" }, QUOTED, { open: "`", close: "`", within: "doubled" }],
  comments: C_COMMENTS,
};
export const PYTHON: Lexis = {
  literals: [{ open: '"""', close: '"""', within: "backslash", lines: true }, QUOTED],
  comments: [["#", "\n"]],
};
/** A backslash takes the next character for itself, also outside of literals. */
export const LUCENE: Lexis = {
  literals: [
    { ...QUOTED, lines: true },
    { ...SLASHED, lines: true },
  ],
  comments: [],
};

/** @throws Error where a literal or a comment is not closed. */
export function tokens(text: string, { literals, comments }: Lexis): Token[] {
  const found: Token[] = [];
  let code = "";
  let at = 0;
  const add = (kind: Token["kind"], end: number): void => {
    if (code !== "") found.push({ kind: "code", text: code });
    code = "";
    found.push({ kind, text: text.slice(at, end) });
    at = end;
  };
  while (at < text.length) {
    const comment = comments.find(([open]) => text.startsWith(open, at));
    const literal = literals.find(({ open }) => text.startsWith(open, at));
    if (comment !== undefined) {
      const end = text.indexOf(comment[1], at + comment[0].length);
      add("comment", end < 0 ? text.length : end + comment[1].length);
    } else if (literal !== undefined) add("literal", endOf(text, at, literal));
    else if (text[at] === "\\") {
      code += text.slice(at, at + 2);
      at += 2;
    } else code += text[at++]!;
  }
  if (code !== "") found.push({ kind: "code", text: code });
  return found;
}

function endOf(text: string, from: number, { open, close, within, lines }: Delimited): number {
  for (let at = from + open.length; at < text.length; at++) {
    if (lines !== true && /[\n\r]/.test(text[at]!)) throw new Error(`a line break within a literal: ${text.slice(from, at)}`);
    if (within === "backslash" && text[at] === "\\") at++;
    else if (text.startsWith(close, at)) {
      if (within !== "doubled" || !text.startsWith(close, at + close.length)) return at + close.length;
      at += close.length;
    }
  }
  throw new Error(`a literal is not closed: ${text.slice(from, from + 60)}`);
}

const CLOSING: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

/** @throws Error where brackets of the code are not in pairs. */
export function checkBrackets(all: readonly Token[]): void {
  const open: string[] = [];
  for (const { kind, text } of all) {
    if (kind !== "code") continue;
    for (const char of text.replaceAll(/\\[^]/g, "")) {
      if ("([{".includes(char)) open.push(char);
      else if (Object.hasOwn(CLOSING, char) && open.pop() !== CLOSING[char]) throw new Error(`a bracket closes nothing: ${text}`);
    }
  }
  if (open.length > 0) throw new Error("a bracket is not closed");
}
