import type { Diagnostic, Span } from "../eql/index.ts";
import type { EsqlCode } from "./codes.ts";

/** Why a query cannot be read or run. Thrown and caught inside the room. */
export class EsqlError extends Error {
  readonly diagnostic: Diagnostic;

  constructor(code: EsqlCode, summary: string, span: Span, help: string | null = null) {
    super(summary);
    this.diagnostic = { code, severity: "error", summary, span, labels: [], help };
  }
}
