/** Where something stands in a text file: 1-based line and column (UTF-16 units), as editors count them. */
export interface SourceLocation {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * Something wrong with, or worth knowing about, a file of rules: a detection package, Sigma or Elastic's own rules. Plain data; the
 * faces decide how it looks. What is wrong inside a query is a `Diagnostic`, which becomes one of these at the query's place in
 * its file.
 */
export interface RuleProblem {
  /** A stable name, e.g. `package/unknown-key`, `sigma/unknown-modifier`, or the code of a query's diagnostic. */
  readonly code: string;
  /** `error`: the rule (or the package) is not used. `warning`: it is. */
  readonly severity: "error" | "warning";
  /** One sentence, without the place. */
  readonly message: string;
  readonly place: SourceLocation;
  /** The rule's id, else its name; null where the problem belongs to no rule or the file gives neither. */
  readonly rule: string | null;
  /** What to do about it; null where nothing helps. */
  readonly help: string | null;
}

/** `rules/B1.yaml:12:3` */
export function placeText(place: SourceLocation): string {
  return `${place.file}:${place.line}:${place.column}`;
}
