/**
 * How much of a package is left when the attack is typed or configured differently: every positive case is rewritten by every mutation
 * that applies to it, normalised again, and put to the rules. Deterministic: the seed is the names of the case and the mutation.
 */
import {
  exceptionsOf,
  MUTATIONS,
  recordKinds,
  ruleNames,
  type Case,
  type Detection,
  type Mutation,
  type RawDocument,
  type Rule,
} from "../../catalog/index.ts";
import { ExceptionSet } from "../../detect/index.ts";
import { createNormaliser } from "../../ecs/index.ts";
import type { EventDocument } from "../../eql/index.ts";
import { openInput, type JsonObject, type LogLocation, type LogRecord, type Problem, type Sink } from "../../readers/index.ts";
import { explain, type Explanation } from "../explain/explain.ts";
import { reasons } from "../explain/reasons.ts";
import { runnable, type Runnable } from "../query/run-query.ts";
import { inTimeOrder } from "../query/time-order.ts";

export interface EvasionOptions {
  /** The day exceptions are judged by, `2026-11-24`. */
  readonly today: string;
}

/** How many mutated cases were still detected. */
export interface Score {
  readonly trials: number;
  readonly detected: number;
  /** `detected / trials`; 1 where nothing was tried. */
  readonly share: number;
}

export interface MutationScore extends Score {
  readonly mutation: string;
}

export interface RuleScore extends Score {
  readonly rule: string;
  /** The mutation it loses most to; null when it loses to none. */
  readonly weakest: MutationScore | null;
  readonly misses: readonly { readonly case: string; readonly mutation: string; readonly reason: string }[];
}

export interface Miss {
  readonly case: string;
  readonly mutation: string;
  /** The rules that saw the case before. */
  readonly lost: readonly string[];
  /** Why the telemetry cannot show it; null when a rule could. */
  readonly invisible: string | null;
  /** Per lost rule: what stood in the way. */
  readonly reasons: readonly { readonly rule: string; readonly reason: string }[];
}

/** A mutation for which cases had nothing to mutate. */
export interface NotTried {
  readonly mutation: string;
  readonly title: string;
  /** In how many cases, of those that were mutated. */
  readonly cases: number;
  /** What these cases lack, a sentence. */
  readonly why: string;
}

/** @param tried per case that was mutated, the mutations that were tried */
export function notTried(tried: readonly ReadonlySet<string>[]): NotTried[] {
  return MUTATIONS.flatMap(({ id, title, needs }) => {
    const cases = tried.filter((mutations) => !mutations.has(id)).length;
    return cases === 0 ? [] : [{ mutation: id, title, cases, why: `There is no ${needs}.` }];
  });
}

export interface EvasionReport {
  readonly detection: string;
  /** Cases that were mutated, and those that could not be used, with the reason. */
  readonly cases: number;
  readonly skipped: readonly { readonly case: string; readonly reason: string }[];
  /** Each recording alone, from one side and one kind of telemetry: the hardest count. */
  readonly total: Score;
  /** The same, where the recordings of an attack stand together: still seen on the source or on the target. */
  readonly bothSides: Score;
  /** Misses that are explained by the telemetry. */
  readonly invisible: number;
  readonly weakest: MutationScore | null;
  readonly mutations: readonly (MutationScore & { readonly title: string })[];
  readonly notTried: readonly NotTried[];
  readonly rules: readonly RuleScore[];
  readonly misses: readonly Miss[];
  readonly ms: number;
}

interface Trial {
  readonly case: Case;
  readonly mutation: Mutation;
  readonly fired: readonly string[];
  /** Why each rule that fired before and no longer does is silent. */
  readonly lost: readonly { readonly rule: string; readonly reason: string }[];
  readonly invisible: string | null;
}

export function evade(detection: Detection, options: EvasionOptions): EvasionReport {
  const steps = evadeInSteps(detection, options);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** The same, a case at a time: for who has other things to do meanwhile. */
export function* evadeInSteps(detection: Detection, options: EvasionOptions): Generator<void, EvasionReport, void> {
  const begun = performance.now();
  const rules = detection.rules.map((rule) => ({ rule, run: runnable(rule.tree) }));
  const exceptions = new ExceptionSet(exceptionsOf(detection.tuning, options.today));
  const skipped: { case: string; reason: string }[] = [];
  const trials: Trial[] = [];
  const tried: Set<string>[] = [];
  for (const c of detection.cases) {
    if (c.kind !== "positive") continue;
    yield;
    const records = recordsOf(c);
    const before = firing(rules, exceptions, normalised(records));
    if (before.length === 0) {
      skipped.push({ case: c.name, reason: "no rule sees it as it is, outside a lab" });
      continue;
    }
    const changed = c.fires.filter((rule) => !before.includes(rule));
    if (changed.length > 0) {
      skipped.push({ case: c.name, reason: `${changed.join(", ")} no longer fires when it is brought to the raw shape` });
      continue;
    }
    const mutations = new Set<string>();
    tried.push(mutations);
    for (const mutation of MUTATIONS) {
      const trial = attempt(c, records, mutation, before, rules, exceptions);
      if (trial === null) continue;
      trials.push(trial);
      mutations.add(mutation.id);
    }
  }
  return {
    ...report(detection, trials),
    detection: detection.id,
    cases: tried.length,
    notTried: notTried(tried),
    skipped,
    ms: performance.now() - begun,
  };
}

/** A record that can be mutated. */
export interface RawRecord {
  readonly document: RawDocument;
  readonly place: LogLocation;
  readonly id: string | undefined;
  readonly index: string | undefined;
}

type RunRule = { readonly rule: Rule; readonly run: Runnable };

function attempt(
  c: Case,
  records: readonly RawRecord[],
  mutation: Mutation,
  before: readonly string[],
  rules: readonly RunRule[],
  exceptions: ExceptionSet,
): Trial | null {
  const documents = records.map((record) => record.document);
  const names = ruleNames(rules.flatMap(({ rule }) => (before.includes(rule.id) ? [rule.tree] : [])));
  const mutated = mutation.mutate(documents, randomOf(`${c.name} ${mutation.id}`), names);
  if (mutated === null) return null;
  const events = normalised(records.map((record, i) => ({ ...record, document: mutated[i]! })));
  const fired = firing(rules, exceptions, events);
  const kinds = recordKinds(documents);
  const lost = rules
    .filter(({ rule }) => before.includes(rule.id) && !fired.includes(rule.id))
    .map(({ rule, run }) => ({ rule: rule.id, reason: why(rule, run, events, exceptions) }));
  const invisible = (mutation.invisible ?? []).find((i) => i.has.every((k) => kinds.has(k)) && !i.lacks.some((k) => kinds.has(k)));
  return { case: c, mutation, fired, lost, invisible: fired.length === 0 ? (invisible?.why ?? null) : null };
}

function firing(rules: readonly RunRule[], exceptions: ExceptionSet, events: readonly EventDocument[]): string[] {
  return rules
    .filter(({ rule, run }) => run(events).some((match) => exceptions.covering(rule.id, match) === null))
    .map(({ rule }) => rule.id);
}

function why(rule: Rule, run: Runnable, events: readonly EventDocument[], exceptions: ExceptionSet): string {
  const match = run(events)[0];
  if (match !== undefined) return `the exception ${exceptions.covering(rule.id, match)?.id ?? ""} covers it`;
  const explanation = explain(rule.tree, rule.query, events);
  return explanation === null ? "there are no events" : sentenceOf(explanation);
}

/** What stood in the way, in a sentence. */
export function sentenceOf(explanation: Explanation): string {
  if (explanation.kind === "sequence") return explanation.waitedFor[0] ?? "the sequence is not complete";
  return reasons(explanation.explanation)[0] ?? "its condition is not true";
}

/** Records in the raw shape, which mutations work on; Elastic Defend's documents as they are. A sink for the readers. */
export class RawRecords implements Sink {
  readonly #normaliser = createNormaliser();
  readonly #limit: number;
  readonly records: RawRecord[] = [];

  constructor(limit: number = Infinity) {
    this.#limit = limit;
  }

  record(record: LogRecord): void {
    const raw = this.#normaliser.toRaw(record) ?? (record.kind === "document" ? record.document : null);
    if (raw === null || this.records.length >= this.#limit) return;
    const [id, index] = record.kind === "document" ? [record.id, record.index] : [undefined, undefined];
    this.records.push({ document: raw, place: record.place, id, index });
  }

  /** `prove` reports what cannot be read; here it is only not mutated. */
  problem(_problem: Problem): void {}
}

function recordsOf(c: Case): RawRecord[] {
  const sink = new RawRecords();
  const decoder = openInput(c.eventsFile);
  decoder.push(new TextEncoder().encode(c.eventsText), sink);
  decoder.end(sink);
  return sink.records;
}

function normalised(records: readonly RawRecord[]): EventDocument[] {
  const normaliser = createNormaliser();
  return inTimeOrder(
    records.map((record) => normaliser.normalise(mutatedRecord(record)).event),
    (event) => event,
  );
}

/** A record as a reader would hand it on. */
export function mutatedRecord({ document, place, id, index }: RawRecord): LogRecord {
  // The rendered text would still describe the recorded event.
  const { message: _, ...rest } = document;
  return {
    kind: "document",
    place,
    document: rest as JsonObject,
    ...(id === undefined ? {} : { id }),
    ...(index === undefined ? {} : { index }),
  };
}

// --------------------------------------------------------------------------------------------------- counting

function report(
  detection: Detection,
  trials: readonly Trial[],
): Omit<EvasionReport, "detection" | "cases" | "notTried" | "skipped" | "ms"> {
  const seen = (trial: Trial): boolean => trial.fired.length > 0;
  const misses = trials
    .filter((trial) => !seen(trial))
    .map((trial): Miss => ({
      case: trial.case.name,
      mutation: trial.mutation.id,
      lost: trial.lost.map((l) => l.rule),
      invisible: trial.invisible,
      reasons: trial.lost,
    }));
  const mutations = MUTATIONS.map((mutation) => {
    const own = trials.filter((trial) => trial.mutation === mutation);
    return { mutation: mutation.id, title: mutation.title, ...score(own.length, own.filter(seen).length) };
  });
  return {
    total: score(trials.length, trials.filter(seen).length),
    bothSides: attacks(trials, seen),
    invisible: misses.filter((miss) => miss.invisible !== null).length,
    weakest: weakest(mutations),
    mutations,
    rules: detection.rules.map((rule) => ruleScore(rule.id, trials)),
    misses,
  };
}

function ruleScore(rule: string, trials: readonly Trial[]): RuleScore {
  const own = trials.filter((trial) => trial.fired.includes(rule) || trial.lost.some((l) => l.rule === rule));
  // Only trials on cases that the rule saw before count; a mutation that newly trips it is no merit.
  const counted = own.filter((trial) => trial.case.fires.includes(rule));
  const kept = (trial: Trial): boolean => trial.fired.includes(rule);
  const perMutation = MUTATIONS.map((mutation) => {
    const tried = counted.filter((trial) => trial.mutation === mutation);
    return { mutation: mutation.id, ...score(tried.length, tried.filter(kept).length) };
  });
  return {
    rule,
    ...score(counted.length, counted.filter(kept).length),
    weakest: weakest(perMutation),
    misses: counted
      .filter((trial) => !kept(trial))
      .map((trial) => ({
        case: trial.case.name,
        mutation: trial.mutation.id,
        reason: trial.lost.find((l) => l.rule === rule)?.reason ?? "",
      })),
  };
}

/**
 * The recordings of one test on one path are one attack seen from several places. It is detected under a mutation when any recording
 * that the mutation touches is.
 */
function attacks(trials: readonly Trial[], seen: (trial: Trial) => boolean): Score {
  const groups = new Map<string, boolean>();
  for (const trial of trials) {
    const { test, path, name } = trial.case;
    const key = `${test === undefined ? name : `${test} ${path}`} ${trial.mutation.id}`;
    groups.set(key, (groups.get(key) ?? false) || seen(trial));
  }
  return score(groups.size, [...groups.values()].filter(Boolean).length);
}

/** The lowest share; of equal ones that with the most misses. Null when every mutation is seen. */
export function weakest(scores: readonly MutationScore[]): MutationScore | null {
  let lowest: MutationScore | null = null;
  for (const one of scores) {
    if (one.detected === one.trials) continue;
    const worse = lowest === null || one.share < lowest.share || (one.share === lowest.share && one.trials > lowest.trials);
    if (worse) lowest = one;
  }
  return lowest === null ? null : { mutation: lowest.mutation, trials: lowest.trials, detected: lowest.detected, share: lowest.share };
}

/** `share` is 1 where nothing was tried. */
export function score(trials: number, detected: number): Score {
  return { trials, detected, share: trials === 0 ? 1 : detected / trials };
}

// ------------------------------------------------------------------------------------------------- randomness

/** Numbers in [0, 1) from a name: FNV-1a for the seed, mulberry32 for the rest. */
export function randomOf(name: string): () => number {
  let state = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) state = Math.imul(state ^ name.charCodeAt(i), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}
