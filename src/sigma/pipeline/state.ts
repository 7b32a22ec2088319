/** A rule while pipelines work on it. */
import type { Span } from "../../eql/index.ts";
import { mapItems, type Detection, type DetectionItem, type Selection } from "../load/selection.ts";
import type { SigmaMetadata } from "../load/rule.ts";
import type { LogSourceName } from "../taxonomy/log-source.ts";
import type { ScalarValue } from "./parameters.ts";

export class RuleState {
  head: SigmaMetadata;
  logsource: LogSourceName;
  readonly selections: Map<string, Selection | null>;
  readonly added: { selection: Selection | null; readonly negated: boolean }[];
  /** Ids of the items that were applied. */
  readonly applied = new Set<string>();
  /** Ids of the items that made a field's name. */
  readonly appliedToField = new Map<string, ReadonlySet<string>>();
  /** Of `set_state`. */
  readonly state = new Map<string, ScalarValue>();
  /** Of `set_custom_attribute`. */
  readonly attributes = new Map<string, ScalarValue>();
  /** Names that fields were given. */
  readonly given = new Set<string>();
  /** What fields are called that stand outside of the detection (correlations group by them), one change after the other. */
  readonly renames: ((name: string) => readonly string[])[] = [];
  /** Whether a field map says which events the log source has. */
  recognised = false;
  /** The variables of all pipelines. */
  readonly vars: ReadonlyMap<string, readonly string[]>;
  /** Of its detection. */
  readonly span: Span;

  constructor(
    head: SigmaMetadata,
    logsource: LogSourceName,
    { selections, added, span }: Detection,
    vars: ReadonlyMap<string, readonly string[]>,
  ) {
    this.head = head;
    this.logsource = logsource;
    this.selections = new Map(selections);
    this.added = [...added];
    this.vars = vars;
    this.span = span;
  }

  /** Every item through `change`, which gives null for one to be left out. */
  changeItems(change: (item: DetectionItem) => Selection | null): void {
    for (const [name, selection] of this.selections) if (selection !== null) this.selections.set(name, mapItems(selection, change));
    for (const one of this.added) if (one.selection !== null) one.selection = mapItems(one.selection, change);
  }
}
