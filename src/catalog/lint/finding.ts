import type { Span } from "../../eql/index.ts";
import type { LintCode } from "./codes.ts";

/** One finding of the linter, about one rule (and where it matters, one data source). */
export interface Finding {
  readonly code: LintCode;
  readonly severity: "error" | "warning" | "hint";
  /** The short id of the rule, e.g. `A1`. */
  readonly rule: string;
  /** The other rule, where it is about two. */
  readonly other?: string;
  /** The data sources it is true of; empty where it does not depend on one. */
  readonly sources: readonly string[];
  /** Where in the rule's query. */
  readonly span: Span;
  /** One sentence. */
  readonly message: string;
  /** The reason the package gives for living with it; null where it is not suppressed. */
  readonly suppressed: string | null;
}
