/** 1-based, as editors count. */
export interface RuleLocation {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Why a rule does not run, or not as its author has it. Plain data; the rest of the collection is loaded all the same. */
export interface ElasticProblem {
  /** A stable name, e.g. `elastic/machine-learning`, or the code of a query's diagnostic. */
  readonly code: string;
  /** `error`: the rule does not run. `warning`: it does. */
  readonly severity: "error" | "warning";
  /** One sentence. */
  readonly message: string;
  readonly place: RuleLocation;
  /** The rule's id, else its name; null where the file gave neither. */
  readonly rule: string | null;
  readonly help: string | null;
}
