import "vitest";

/** What a test has found of a suite that lies outside of the repository, for the table at the end of `npm test`. */
export interface Counted {
  /** One of `TABLES` in test-counts.mjs. */
  readonly table: string;
  readonly row: string;
  /** Cases, documents or records that the test has looked at. */
  readonly of: number;
  /** How many of them are as the suite says; without it all of them where the test passes, none where it fails. */
  readonly same?: number;
  /** Set where the test asserts that ours differs from the suite: why. Then none of them counts as the same. */
  readonly differs?: string;
}

declare module "vitest" {
  interface TaskMeta {
    counted?: Counted;
  }
}

export const TABLES: readonly string[];

/** The table as lines, from the report of vitest's JSON reporter. */
export function countsTable(report: {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly meta?: { readonly counted?: Counted } }[];
  }[];
}): string[];
