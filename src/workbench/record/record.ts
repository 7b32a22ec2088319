/** A case made of a piece of a log: what is expected of it is what the rules find in it now, for a person to confirm. */
import {
  loadPackage,
  recordedCaseText,
  withRecordedRuleCase,
  type CaseText,
  type Detection,
  type RecordedCase,
  type RecordedText,
} from "../../catalog/index.ts";
import { sourceById, type Normalised } from "../../ecs/index.ts";
import type { EventDocument, RuleProblem } from "../../eql/index.ts";
import { openInput } from "../../readers/index.ts";
import type { CaseResult } from "../prove/case-result.ts";
import { prove } from "../prove/prove.ts";
import { planProof, RuleCaseRun, type RuleCaseResult } from "../prove/prove-rules.ts";
import type { RuleSet } from "../rules/load.ts";
import type { TextFile } from "../rules/standalone.ts";
import type { CutRecord } from "./cut.ts";
import type { EventsFile } from "./events-text.ts";

export interface CaseFacts {
  readonly name: string;
  readonly title: string;
  /** Null: positive where a rule alerts, else negative. */
  readonly kind: CaseText["kind"] | null;
  /** The rules the case is about. */
  readonly about: readonly string[];
  readonly events: EventsFile;
  readonly recorded: RecordedText;
  readonly signals: CaseText["signals"];
  readonly origin: Pick<RecordedCase, "telemetry" | "collector">;
}

export interface RecordedPackageCase {
  /** Paths inside the package. */
  readonly files: ReadonlyMap<string, string>;
  /** The proof of the case as it is written: without failures, or it must not be. */
  readonly result: CaseResult;
}

/** @param texts of the package */
export function recordForPackage(texts: ReadonlyMap<string, string>, facts: CaseFacts, today: string): RecordedPackageCase {
  const { name, events, about } = facts;
  const withCase = (c: Omit<RecordedCase, "title" | "recorded" | "events" | "telemetry">): [ReadonlyMap<string, string>, CaseResult] => {
    const files = new Map([
      [
        `cases/${name}/case.yaml`,
        recordedCaseText({ title: facts.title, recorded: facts.recorded, ...facts.origin, ...c, events: events.name }),
      ],
      [`cases/${name}/${events.name}`, events.text],
    ]);
    return [files, proofOf(loaded(new Map([...texts, ...files]), today), name, today)];
  };
  const open = { kind: "negative", fires: [], silent: [], excepted: [], lab_fires: [] } as const;
  const [, asked] = withCase({ ...open, fires: [], silent: [], excepted: [], lab_fires: [], signals: facts.signals });
  // A signal that the recording does not hold (another spelling after names were replaced) says nothing.
  const signals = facts.signals.filter(
    ({ name: signal }) => !asked.failures.some((failure) => failure.kind === "signal" && failure.name === signal),
  );
  const fires = [...asked.fired];
  const [files, result] = withCase({
    signals,
    kind: facts.kind ?? (fires.length > 0 ? "positive" : "negative"),
    fires,
    silent: about.filter((rule) => !fires.includes(rule)),
    excepted: [...asked.excepted],
    // Found without exceptions, so that one more look tells which are left.
    lab_fires: asked.labFired.filter((rule) => !asked.excepted.some((one) => one.rule === rule)),
  });
  return { files, result };
}

function loaded(files: ReadonlyMap<string, string>, today: string): Detection {
  const { package: detection, problems } = loadPackage(files, { today });
  if (detection === null) throw new Error(`the case does not load: ${problems.map(({ message }) => message).join("; ")}`);
  return detection;
}

function proofOf(detection: Detection, name: string, today: string): CaseResult {
  return prove({ ...detection, cases: detection.cases.filter((c) => c.name === name) }, { today, only: name }).cases[0]!;
}

export interface RecordedRuleCaseFile {
  /** The file of cases, with the new one. */
  readonly sidecar: TextFile;
  readonly result: RuleCaseResult;
  /** Of the file of cases. */
  readonly problems: readonly RuleProblem[];
}

export interface RuleCaseFacts {
  readonly name: string;
  /** The rule it is about, where its file holds several. */
  readonly rule: string | null;
  readonly events: EventsFile;
  /** Where the events will lie, relative to the file of cases. */
  readonly log: string;
  readonly recorded: RecordedText;
}

/**
 * For rules that belong to no package.
 * @param before the file of cases as it is; its text is null where there is none yet.
 * @returns null where the case cannot be added to the file, or no rule beside it runs.
 */
export function recordForRules(
  set: RuleSet,
  before: { readonly path: string; readonly text: string | null },
  facts: RuleCaseFacts,
  now: number,
): RecordedRuleCaseFile | null {
  const { name, rule, log, recorded, events } = facts;
  const run = (expect: number): RecordedRuleCaseFile | null => {
    const text = withRecordedRuleCase(before.text, { name, ...(rule === null ? {} : { rule }), log, expect, recorded });
    if (text === null) return null;
    const sidecar = { path: before.path, text };
    const { cases, problems } = planProof({ ...set, caseFiles: [sidecar] });
    const planned = cases.find((one) => one.case.name === name && one.case.log === log);
    if (planned === undefined) return null;
    const running = new RuleCaseRun(planned, now);
    const decoder = openInput(log);
    decoder.push(new TextEncoder().encode(events.text), running);
    decoder.end(running);
    return { sidecar, result: running.finish(), problems };
  };
  const asked = run(0);
  return asked === null ? null : run(asked.result.alerts);
}

const COLLECTORS: readonly (readonly [RegExp, NonNullable<CaseText["collector"]>])[] = [
  [/^winlogbeat\./, "winlogbeat"],
  [/^(?:elastic-agent|forwarded)\./, "elastic-agent"],
  [/^endpoint\./, "elastic-defend"],
];

/** What recorded the events, and what collected them. */
export function originOf(records: readonly CutRecord[]): CaseFacts["origin"] {
  const sources = [...new Set(records.map(({ normalised }) => normalised.source))];
  const telemetry = [...new Set(sources.flatMap((source) => sourceById(source)?.telemetry ?? []))].sort();
  if (records.every(({ record }) => record.kind === "windows")) return { telemetry, collector: "windows-xml" };
  const collectors = [...new Set(sources.flatMap((source) => COLLECTORS.find(([pattern]) => pattern.test(source))?.[1] ?? []))];
  return { telemetry, ...(collectors.length === 1 ? { collector: collectors[0]! } : {}) };
}

/** A query that the event matches by its kind, for where none was given: what must be in the recording. */
export function kindQuery({ event }: Pick<Normalised, "event">): string | null {
  const described = event["event"] as EventDocument | undefined;
  const code = described?.["code"];
  const provider = described?.["provider"];
  if (typeof code === "string" && code !== "")
    return `any where event.code == ${JSON.stringify(code)}${typeof provider === "string" ? ` and event.provider == ${JSON.stringify(provider)}` : ""}`;
  const category = [described?.["category"]].flat()[0];
  return typeof category === "string" && /^[a-z_]+$/.test(category) ? `${category} where true` : null;
}
