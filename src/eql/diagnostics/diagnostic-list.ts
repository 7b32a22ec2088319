import type { Diagnostic } from "./diagnostic.ts";
import type { Span } from "../span.ts";

/** Most diagnostics listed of one text. A text of a million stray characters is as wrong as one of a hundred, and costs no more. */
export const MAX_DIAGNOSTICS = 100;

/** What has been found wrong so far, bounded: the first of it is kept, the rest is counted. An error is never lost to a warning. */
export class DiagnosticList {
  readonly #limit: number;
  readonly #errors: Diagnostic[] = [];
  readonly #others: Diagnostic[] = [];
  #errorCount = 0;
  #otherCount = 0;

  /** `limit`: most that are listed. */
  constructor(limit: number = MAX_DIAGNOSTICS) {
    this.#limit = Math.max(1, limit);
  }

  /** All errors, listed or not. */
  get errors(): number {
    return this.#errorCount;
  }

  add(diagnostic: Diagnostic): void {
    const isError = diagnostic.severity === "error";
    if (isError) this.#errorCount++;
    else this.#otherCount++;
    const list = isError ? this.#errors : this.#others;
    if (list.length < this.#limit) list.push(diagnostic);
  }

  /** Adds the diagnostics of another list. */
  addAll(other: DiagnosticList): void {
    for (const diagnostic of other.#errors) this.#errors.push(diagnostic);
    for (const diagnostic of other.#others) this.#others.push(diagnostic);
    this.#errorCount += other.#errorCount;
    this.#otherCount += other.#otherCount;
  }

  /** The first ones in the order of the text; where there are more, a last one gives their number. */
  sorted(): Diagnostic[] {
    const errors = this.#errors.toSorted(byPlace).slice(0, this.#limit);
    const others = this.#others.toSorted(byPlace).slice(0, this.#limit - errors.length);
    const listed = [...errors, ...others].sort(byPlace);
    const left = this.#errorCount + this.#otherCount - listed.length;
    if (left > 0) listed.push(more(left, this.#errorCount - errors.length, listed.at(-1)!.span));
    return listed;
  }
}

function byPlace(a: Diagnostic, b: Diagnostic): number {
  return a.span.from - b.span.from || a.span.to - b.span.to;
}

function more(count: number, errors: number, last: Span): Diagnostic {
  return {
    code: "eql/more-diagnostics",
    severity: errors > 0 ? "error" : "warning",
    summary: `${count} more ${count === 1 ? "diagnostic is" : "diagnostics are"} not listed${errors > 0 && errors < count ? `, ${errors} of them errors` : ""}`,
    span: { from: last.to, to: last.to },
    labels: [],
    help: "Fix the first ones first: the others may follow from them.",
  };
}
