import type { DiagnosticCode } from "../diagnostics/codes.ts";
import type { Diagnostic, Label } from "../diagnostics/diagnostic.ts";
import { DiagnosticList } from "../diagnostics/diagnostic-list.ts";
import type { Span } from "../span.ts";
import type { Expr, Profile } from "../syntax/tree.ts";

/** Longest piece of the query that a message quotes. */
const MAX_QUOTE = 120;

/** What the check has found so far, and how it quotes the query. */
export class Findings {
  readonly profile: Profile;
  /** Warnings are not asked for, and what they cost is not spent. */
  readonly errorsOnly: boolean;
  readonly #text: string | null;
  readonly #found = new DiagnosticList();

  constructor(profile: Profile, text: string | null, errorsOnly: boolean) {
    this.profile = profile;
    this.#text = text;
    this.errorsOnly = errorsOnly;
  }

  get errors(): number {
    return this.#found.errors;
  }

  error(code: DiagnosticCode, summary: string, span: Span, help: string | null, labels: readonly Label[] = []): void {
    this.add({ code, severity: "error", summary, span, labels, help });
  }

  warning(code: DiagnosticCode, summary: string, span: Span, help: string | null): void {
    if (!this.errorsOnly) this.add({ code, severity: "warning", summary, span, labels: [], help });
  }

  add(diagnostic: Diagnostic): void {
    this.#found.add(diagnostic);
  }

  sorted(): readonly Diagnostic[] {
    return this.#found.sorted();
  }

  /** An expression as it is written; where the text is not available, an abbreviation of it. */
  quote(expr: Expr): string {
    const { from, to } = expr.span;
    const text = this.#text === null || to <= from ? brief(expr) : this.#text.slice(from, Math.min(to, from + MAX_QUOTE + 1));
    return text.length > MAX_QUOTE ? `${text.slice(0, MAX_QUOTE)}…` : text;
  }
}

function brief(expr: Expr): string {
  switch (expr.kind) {
    case "string":
      return JSON.stringify(expr.value);
    case "number":
    case "boolean":
      return String(expr.value);
    case "null":
      return "null";
    case "field":
      return expr.name;
    case "call":
      return `${expr.name}${expr.insensitive ? "~" : ""}(${briefList(expr.args, ", ")})`;
    case "comparison":
    case "arithmetic":
      return `${brief(expr.left)} ${expr.op} ${brief(expr.right)}`;
    case "negate":
      return `${expr.op}${brief(expr.value)}`;
    case "in":
      return `${brief(expr.value)} ${expr.negated ? "not " : ""}in${expr.insensitive ? "~" : ""} (${briefList(expr.list, ", ")})`;
    case "match":
      return `${brief(expr.value)} ${expr.op}${expr.insensitive && expr.op !== ":" ? "~" : ""} ...`;
    case "not":
      return `not ${brief(expr.value)}`;
    case "logical":
      return briefList(expr.operands, ` ${expr.op} `);
    case "any-field":
      return "a search over every field";
    default:
      return `${expr.relation} of [...]`;
  }
}

function briefList(exprs: readonly Expr[], separator: string): string {
  const [first, second] = exprs;
  if (exprs.length > 4) return `${brief(first!)}${separator}${brief(second!)}${separator}...`;
  return exprs.map(brief).join(separator);
}
