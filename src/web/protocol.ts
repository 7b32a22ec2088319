/** What the page and the worker say to each other. Everything here is structured-clone data; log text in it is as the log had it. */
import type { AlertEvidence, AlertList, AlertView, BlindView, Fact, RuleView } from "../report/index.ts";
import type { InputSummary, Problem, QueryLanguage, Severity } from "../workbench/index.ts";

/** The texts of a package: path inside it -> text. */
export interface PackageTexts {
  readonly id: string;
  readonly files: { readonly [path: string]: string };
}

/** A file to read; `name` is its path below what was dropped. */
export interface InputFile {
  readonly name: string;
  readonly file: Blob;
}

/** Requests by name: what is asked, and what comes back. */
export interface Requests {
  open: { readonly ask: { readonly packages: readonly PackageTexts[]; readonly today: string }; readonly answer: Opened };
  hunt: { readonly ask: { readonly files: readonly InputFile[] }; readonly answer: HuntSummary };
  /** Answers at once; what is running ends at its next slice with what it has. */
  cancel: { readonly ask: Readonly<Record<string, never>>; readonly answer: null };
  alert: { readonly ask: { readonly id: string }; readonly answer: AlertEvidence | null };
  query: { readonly ask: QueryAsk; readonly answer: QueryAnswer };
  /** The result of the last query, whole. */
  exportQuery: { readonly ask: { readonly format: QueryExportFormat }; readonly answer: Blob };
  /** Files of rules that hunts from now on run beside the packages; those of an earlier call are forgotten. */
  setRules: { readonly ask: { readonly files: readonly InputFile[] }; readonly answer: AddedRules };
  /** Which of some files hold rules, not logs: packages, Sigma's, Elastic's, queries. In the order of the files. */
  ruleFiles: { readonly ask: { readonly files: readonly InputFile[] }; readonly answer: readonly boolean[] };
  /** The exception that fits an alert best. Null where the alert is no longer kept. */
  propose: { readonly ask: { readonly id: string }; readonly answer: ProposedException | null };
  tune: { readonly ask: { readonly draft: ExceptionDraft }; readonly answer: TuneAnswer };
  export: { readonly ask: { readonly format: ExportFormat; readonly ids: readonly string[] | null }; readonly answer: Blob };
  values: { readonly ask: Readonly<Record<string, never>>; readonly answer: readonly SeenField[] };
}

export type RequestName = keyof Requests;
export type ExportFormat = "ndjson" | "csv" | "html";
export type QueryExportFormat = Exclude<ExportFormat, "html">;

export type ToWorker = { [N in RequestName]: { readonly call: number; readonly name: N; readonly ask: Requests[N]["ask"] } }[RequestName];

export type FromWorker =
  | { readonly call: number; readonly answer: Requests[RequestName]["answer"] }
  | { readonly call: number; readonly failure: string }
  | { readonly progress: Progress };

export interface Progress {
  readonly bytesDone: number;
  readonly bytesTotal: number;
  readonly filesDone: number;
  readonly filesTotal: number;
  readonly file: string;
  readonly events: number;
  readonly alerts: number;
}

export interface Opened {
  readonly packages: readonly {
    readonly id: string;
    readonly title: string;
    readonly cases: number;
    readonly rules: readonly RuleName[];
  }[];
  /** What is wrong with the packages' texts, a sentence each. */
  readonly problems: readonly string[];
}

export interface RuleName {
  readonly key: string;
  readonly name: string;
  readonly severity: Severity;
}

/** A problem with its place as text. */
export type InputProblem = Omit<Problem, "place"> & { readonly place: string };

export type InputReport = Omit<InputSummary, "problems"> & { readonly problems: readonly InputProblem[] };

export interface HuntSummary {
  readonly input: InputReport;
  readonly ms: number;
  readonly events: number;
  /** What was read, and what may have been missed. */
  readonly facts: readonly Fact[];
  readonly list: AlertList;
  /** Alerts suppressed by exceptions. */
  readonly suppressed: number;
  /** Records that were read and that no normaliser knows: found by raw fields only. */
  readonly unmapped: number;
  readonly rules: readonly RuleView[];
  /** Rules that had none of the events they need. */
  readonly blind: readonly BlindView[];
}

export interface FieldValueText {
  readonly field: string;
  readonly value: string;
}

export interface QueryAsk {
  readonly text: string;
  readonly language: QueryLanguage;
  /** Fields by whose values matching events are counted; empty: the events themselves are the answer. */
  readonly countBy: readonly string[];
}

/** A query as it is remembered. */
export type StoredQuery = Pick<QueryAsk, "language" | "text">;

/** What every answer has. */
interface QueryFacts {
  readonly events: number;
  readonly ms: number;
  readonly aborted: boolean;
  /** Matches by the query, rows or values; more than are listed where the table is full. */
  readonly total: number;
  /** Why matches may be missing: conditions that could not be computed, bounds that were reached. */
  readonly notes: readonly string[];
  /** What the query names and hardly means, such as fields that no event has; a sentence each. */
  readonly doubts: readonly string[];
}

export type QueryAnswer =
  | {
      readonly kind: "refused";
      readonly messages: readonly string[];
      /** Another language that the text looks like; `language` is null where it does not run here. */
      readonly looksLike: { readonly title: string; readonly language: QueryLanguage | null } | null;
    }
  | ({
      readonly kind: "found";
      /** Fields the query names that are columns. */
      readonly columns: readonly string[];
      /** Groups: one event each for an event query, one sequence (or sample) each otherwise. */
      readonly groups: readonly QueryGroup[];
    } & QueryFacts)
  | ({
      /** Counts, and whatever ES|QL makes. */
      readonly kind: "rows";
      readonly noun: "row" | "value";
      readonly columns: readonly { readonly name: string; readonly isNumber: boolean }[];
      readonly rows: readonly (readonly string[])[];
    } & QueryFacts);

/** What came of files of rules. */
export interface AddedRules {
  /** Rules that run, of all files that were added. */
  readonly rules: readonly RuleName[];
  /** What does not run, or not as it is written. */
  readonly problems: readonly RuleFileProblem[];
  /** Files in which there is no rule. */
  readonly other: readonly string[];
}

export interface RuleFileProblem {
  /** `rules/psexec.yml:12:3` */
  readonly place: string;
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly help: string | null;
}

/** An exception for an alert, as narrow as it allows. */
export type ProposedException =
  /** For a rule of a package: what the form begins with. */
  | {
      readonly kind: "package";
      readonly parts: { readonly [P in "source" | "account" | "artefact"]: readonly FieldValueText[] };
      /** Why it cannot be made, a sentence each: what stands in `parts` is then no safe exception. */
      readonly problems: readonly string[];
    }
  /** For a rule of no package, in the form that its platform has. */
  | {
      readonly kind: "rule";
      /** `psexec.filter.yml` */
      readonly file: string;
      readonly text: string;
      readonly removes: number;
      readonly alsoHides: number;
    }
  | { readonly kind: "none"; readonly why: string };

export interface QueryGroup {
  readonly keys: string | null;
  readonly events: readonly (QueryEvent | null)[];
}

export interface QueryEvent {
  readonly time: string;
  readonly host: string;
  readonly code: string;
  readonly values: readonly string[];
  readonly place: string;
  readonly json: string;
}

export type Operator = "is" | "starts" | "ends" | "contains" | "block";

export interface ExceptionCondition {
  readonly field: string;
  readonly operator: Operator;
  readonly value: string;
}

export interface ExceptionDraft {
  readonly rules: readonly string[];
  readonly source: readonly ExceptionCondition[];
  readonly account: readonly ExceptionCondition[];
  readonly artefact: readonly ExceptionCondition[];
  readonly title: string;
  readonly owner: string;
  readonly reason: string;
  readonly expires: string;
}

export interface TuneAnswer {
  /** What keeps the draft from being an exception, a sentence each. */
  readonly problems: readonly string[];
  /** The alerts it suppresses. */
  readonly removed: readonly AlertView[];
  readonly kept: number;
  /** Proof cases that lose an alert. */
  readonly cases: readonly {
    readonly name: string;
    readonly title: string;
    readonly kind: "positive" | "negative" | "evasion";
    readonly rules: readonly string[];
    /** An attack that no rule would catch any more. */
    readonly silenced: boolean;
  }[];
  readonly casesRun: number;
  /** As an item of `exceptions` in tuning.yaml; null while there are problems. */
  readonly yaml: string | null;
}

/** Values of a field as the loaded files have them. */
export interface SeenField {
  readonly field: string;
  readonly values: readonly string[];
}
