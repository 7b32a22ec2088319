import type { Query, SourceLocation } from "../../eql/index.ts";
import type { CaseText } from "./cases.ts";
import type { PackageText, TestsText } from "./package.ts";
import type { HuntText, RuleText } from "./rule.ts";
import type { TuningText } from "./tuning.ts";

/** A detection package that passed every check. */
export interface Detection {
  /** `T1021.002` */
  readonly id: string;
  readonly meta: PackageText & { readonly uuid: string };
  /** The keys that package.yaml has: what is not among them has its default. */
  readonly keys: readonly string[];
  /** The paths of its files. */
  readonly files: readonly string[];
  /** In the order of their ids: A1, A2, B1, ... */
  readonly rules: readonly Rule[];
  readonly hunts: readonly Hunt[];
  readonly tests: TestsText;
  readonly tuning: TuningText;
  readonly cases: readonly Case[];
  /** Markdown; empty where there is none. */
  readonly guide: string;
  readonly playbook: string;
  readonly changelog: string;
}

export interface Rule extends RuleText {
  readonly uuid: string;
  /** `rules/B1.yaml` */
  readonly file: string;
  /** The keys that its file has: what is not among them has its default. */
  readonly keys: readonly string[];
  /** The query, parsed. `RuleText.query` is its text. */
  readonly tree: Query;
  /** Where an offset of the query's text stands in the file. */
  readonly queryPlace: (offset: number) => SourceLocation;
}

export interface Hunt extends HuntText {
  readonly file: string;
  /** Null where the hunt is not EQL. */
  readonly tree: Query | null;
  readonly queryPlace: (offset: number) => SourceLocation;
}

export interface Case extends CaseText {
  /** The name of its folder: unique in the package. */
  readonly name: string;
  readonly file: string;
  /** `cases/<name>/events.ndjson` */
  readonly eventsFile: string;
  readonly eventsText: string;
  /** The signals' queries, parsed, in the order of `signals`. */
  readonly signalTrees: readonly Query[];
}
