/** The tokens that are names and values -> nodes of the tree. */
import type { Span } from "../eql/index.ts";
import type { LuceneCode } from "./codes.ts";
import { unescape } from "./literal.ts";
import { isBlank, type Token } from "./tokens.ts";
import type { LuceneBound, LuceneLiteral, LuceneName, LuceneRange } from "./tree.ts";

type Report = (code: LuceneCode, summary: string, span: Span, help: string | null) => void;

export class Values {
  readonly #report: Report;

  constructor(report: Report) {
    this.#report = report;
  }

  literal({ kind, span, text }: Token): LuceneLiteral {
    const quoted = kind === "quoted";
    const inner = quoted ? text.slice(1, -1) : text;
    const { parts } = this.#unescape(inner, kind === "pattern", { from: span.from + (quoted ? 1 : 0), to: span.to });
    return { kind: "literal", span, form: quoted ? "quoted" : "unquoted", parts };
  }

  /** The `*` of a name has a backslash before it, and stands for other characters nonetheless. */
  name(token: Token): LuceneName {
    const { span, text } = token;
    if (token.kind === "pattern")
      this.#report(
        "lucene/field-pattern",
        "A wildcard in a field's name needs a backslash",
        span,
        `Write \`${text.replaceAll(/[*?]/g, String.raw`\*`)}\`.`,
      );
    const plain = this.literal(token)
      .parts.map((part) => (part.kind === "literal" ? part.text : "*"))
      .join("");
    return { span, parts: unescape(plain.replaceAll(/[\\?]/g, String.raw`\$&`), true).parts };
  }

  /** `[from TO to]`; null where it is not one. */
  range({ span, text }: Token): LuceneRange | null {
    const low = this.#bound(text, 1, span, text.startsWith("["));
    if (low === null || !text.startsWith("TO", low.next) || !isBlank(text[low.next + 2])) return null;
    const high = this.#bound(text, low.next + 2, span, text.endsWith("]"));
    if (high === null || high.next !== text.length - 1) return null;
    return { kind: "range", span, from: low.bound, to: high.bound };
  }

  /** A bound and the offset behind it and the blanks around it; `*` is no bound. */
  #bound(
    text: string,
    from: number,
    { from: base }: Span,
    inclusive: boolean,
  ): { readonly bound: LuceneBound | null; readonly next: number } | null {
    let at = from;
    while (isBlank(text[at])) at++;
    const start = at;
    const quoted = text[at] === '"';
    if (quoted) {
      at++;
      while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
      at++;
    } else while (at < text.length - 1 && !isBlank(text[at])) at++;
    if (at === start || at > text.length - 1) return null;
    const written = text.slice(start, at);
    const span = { from: base + start, to: base + at };
    while (isBlank(text[at])) at++;
    if (written === "*") return { bound: null, next: at };
    const { parts } = this.#unescape(quoted ? written.slice(1, -1) : written, false, span);
    const [part] = parts;
    // An empty text is no bound either, as a real engine answers.
    return { bound: part?.kind === "literal" ? { span, text: part.text, inclusive } : null, next: at };
  }

  /** `>=5`; null where nothing is compared with. */
  comparison(op: string, value: LuceneLiteral): LuceneRange | null {
    const { span } = value;
    const text = value.parts
      .map((part) => (part.kind === "literal" ? part.text : part.kind === "any" ? "*" : "?"))
      .join("")
      .slice(op.length);
    if (text === "") return null;
    const bound: LuceneBound = { span, text, inclusive: op.endsWith("=") };
    return { kind: "range", span, from: op.startsWith(">") ? bound : null, to: op.startsWith("<") ? bound : null };
  }

  #unescape(text: string, wildcards: boolean, span: Span): ReturnType<typeof unescape> {
    const found = unescape(text, wildcards);
    if (found.bad !== null)
      this.#report(
        "lucene/bad-escape",
        "The backslash stands before nothing that it could change",
        { from: span.from + found.bad.at, to: Math.min(span.from + found.bad.at + 2, span.to) },
        "A backslash itself is written `\\\\`, a character by its number `\\u0041`.",
      );
    return found;
  }
}
