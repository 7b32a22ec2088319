/** The text of a case that was cut from a log. */
import { stringify } from "yaml";
import type { CaseText } from "../package/cases.ts";
import type { RecordedText } from "../package/recorded.ts";

/** What a recorded case says; what it leaves out has its default. */
export type RecordedCase = Pick<
  CaseText,
  "title" | "kind" | "telemetry" | "events" | "signals" | "fires" | "silent" | "excepted" | "lab_fires"
> &
  Partial<Pick<CaseText, "collector">> & { readonly recorded: RecordedText };

/** A case's folder and its `case.yaml`, expecting what is given, for a person to confirm. */
export function recordedCaseText(c: RecordedCase): string {
  const part = (value: object): string => stringify(value, { lineWidth: 0 });
  return [
    "# Cut from a log by `tocsin record`. What it expects is what the rules found then: read the events, correct it, and confirm it.\n",
    part({ title: c.title }),
    "# What happened, for someone who reads the events\n# story: ...\n",
    part({ synthetic: false }),
    "# positive: an attack; negative: harmless; evasion: an attack that tries to get past the rule\n",
    part({ kind: c.kind }),
    "# Where the telemetry was recorded: source, target or both\n# side: both\n",
    part({ telemetry: c.telemetry, ...(c.collector === undefined ? {} : { collector: c.collector }) }),
    part({ events: c.events, recorded: c.recorded }),
    "# What must be in the telemetry, so that a silent rule is the rule's fault\n",
    part({ signals: c.signals }),
    "# Rules that alert; any other alert fails the case\n",
    part({ fires: c.fires }),
    "# Rules it is about that must not alert\n",
    part({ silent: c.silent }),
    ...(c.excepted.length === 0 ? [] : [part({ excepted: c.excepted })]),
    ...(c.lab_fires.length === 0 ? [] : [part({ lab_fires: c.lab_fires })]),
    "# true when a person has read the events and agrees\n",
    part({ confirmed: false }),
  ].join("");
}

/** An entry of `NAME.cases.yaml`. */
export interface RecordedRuleCase {
  readonly name: string;
  readonly rule?: string;
  /** Relative to the file of cases. */
  readonly log: string;
  readonly expect: number;
  readonly recorded: RecordedText;
}

/** The file of cases with one more; null where it is not a list of entries that begin at the left. */
export function withRecordedRuleCase(file: string | null, entry: RecordedRuleCase): string | null {
  const before = (file ?? "# Cases of the rules beside; `tocsin prove` runs them.\n").trimEnd();
  if (file !== null && !/^- /m.test(before)) return null;
  const { name, rule, log, expect, recorded } = entry;
  return `${before}\n${stringify([{ name, ...(rule === undefined ? {} : { rule }), log, expect, recorded, confirmed: false }], { lineWidth: 0 })}`;
}
