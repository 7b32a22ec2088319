/** Something wrong with a file of a detection package, at its place. Data: the faces decide how it looks. */
export interface PackageProblem {
  /** A stable name: `package/bad-yaml`, `package/unknown-key`, `package/bad-value`, ..., or the code of a query's diagnostic. */
  readonly code: string;
  /** `error`: the package is refused. `warning`: it loads. */
  readonly severity: "error" | "warning";
  /** One sentence, without the place. */
  readonly message: string;
  readonly place: SourceLocation;
  /** What to do; null where nothing helps. */
  readonly help: string | null;
}

/** 1-based line and column (UTF-16 units) in a file of the package; `file` is relative to the package's folder. */
export interface SourceLocation {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** `rules/B1.yaml:12:3` */
export function placeText(place: SourceLocation): string {
  return `${place.file}:${place.line}:${place.column}`;
}
