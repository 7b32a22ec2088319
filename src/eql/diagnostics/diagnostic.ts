import type { Span } from "../span.ts";

/**
 * Something wrong with, or worth saying of, a query. Plain data: what it looks like on a terminal or a page is decided by
 * `render.ts` alone.
 */
export interface Diagnostic {
  /** A stable name, e.g. `eql/unknown-field`. Every code has a golden test and an entry in the documentation. */
  readonly code: string;
  readonly severity: "error" | "warning" | "hint";
  /** One sentence. Where Elasticsearch refuses the same text, its own words. */
  readonly summary: string;
  readonly span: Span;
  /** Further places and what they have to do with it. */
  readonly labels: readonly Label[];
  /** What to do about it; null where nothing helps. */
  readonly help: string | null;
}

/** A further place in the query, and what it has to do with the diagnostic. */
export interface Label {
  readonly span: Span;
  readonly text: string;
}
