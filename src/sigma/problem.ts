/** 1-based, as editors count. */
export interface SourceLocation {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Something wrong with, or worth saying of, a Sigma file. Plain data; the rest of the collection is loaded all the same. */
export interface SigmaProblem {
  /** A stable name, e.g. `sigma/unknown-modifier`. */
  readonly code: string;
  /** `error`: the rule is not loaded. `warning`: it is, or it is none for these logs, but something is to be known. */
  readonly severity: "error" | "warning";
  /** One sentence. */
  readonly message: string;
  readonly place: SourceLocation;
  /** The rule's id, else its title; null where the file gave neither. */
  readonly rule: string | null;
  readonly help: string | null;
}

/** Why a rule cannot be read. Thrown and caught inside the room only. */
export class SigmaError extends Error {
  readonly code: string;
  /** UTF-16 offset into the file's text. */
  readonly offset: number;
  readonly help: string | null;

  constructor(code: string, message: string, offset: number, help: string | null = null) {
    super(message);
    this.code = code;
    this.offset = offset;
    this.help = help;
  }
}
