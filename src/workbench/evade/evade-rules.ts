/** How much rules that belong to no package still see when the events of their cases are rewritten as an attacker could have done. */
import { MUTATIONS, ruleNames } from "../../catalog/index.ts";
import type { RunnableRule } from "../../detect/index.ts";
import { createNormaliser } from "../../ecs/index.ts";
import { Hunt } from "../hunt/hunt.ts";
import { nearest, type PlannedCase } from "../prove/prove-rules.ts";
import {
  mutatedRecord,
  notTried,
  randomOf,
  score,
  sentenceOf,
  weakest,
  type MutationScore,
  type NotTried,
  type RawRecord,
  type Score,
} from "./evasion.ts";

/** What came of the mutations of one case. */
export interface CaseEvasion {
  readonly case: string;
  readonly rules: readonly RunnableRule[];
  /** Null where the case was tried; else why it was not. */
  readonly skipped: string | null;
  readonly trials: readonly { readonly mutation: string; readonly detected: boolean; readonly reason: string | null }[];
}

export interface RulesEvasion {
  readonly total: Score;
  readonly mutations: readonly (MutationScore & { readonly title: string })[];
  readonly notTried: readonly NotTried[];
  readonly rules: readonly (Score & { readonly rule: string; readonly name: string; readonly weakest: MutationScore | null })[];
  readonly misses: readonly {
    readonly case: string;
    readonly rules: readonly string[];
    readonly mutation: string;
    readonly reason: string;
  }[];
  readonly skipped: readonly { readonly case: string; readonly reason: string }[];
}

/** Puts every mutation of the case's events to its rules. @param now what `now` means in rules, epoch milliseconds */
export function evadeCase(planned: PlannedCase, records: readonly RawRecord[], now: number): CaseEvasion {
  const { case: one, rules } = planned;
  const skip = (reason: string): CaseEvasion => ({ case: one.name, rules, skipped: reason, trials: [] });
  if (one.expect === 0) return skip("nothing in it is to be detected");
  if (!isDetected(planned, records, now)) return skip("its rules do not see it as it is");
  const documents = records.map(({ document }) => document);
  const names = ruleNames(rules.map(({ query }) => query));
  const trials = MUTATIONS.flatMap(({ id, mutate }) => {
    const mutated = mutate(documents, randomOf(`${one.name} ${id}`), names);
    if (mutated === null) return [];
    const changed = records.map((record, i) => ({ ...record, document: mutated[i]! }));
    const detected = isDetected(planned, changed, now);
    return [{ mutation: id, detected, reason: detected ? null : why(rules, changed) }];
  });
  return { case: one.name, rules, skipped: null, trials };
}

function isDetected({ rules, hunt: options }: PlannedCase, records: readonly RawRecord[], now: number): boolean {
  const hunt = new Hunt({ ...options, now });
  for (const record of records) hunt.record(mutatedRecord(record));
  return hunt.finish().alerts.some(({ rule }) => rules.some(({ key }) => key === rule.key));
}

function why(rules: readonly RunnableRule[], records: readonly RawRecord[]): string {
  const normaliser = createNormaliser();
  const explanation = nearest(
    rules,
    records.map((record) => normaliser.normalise(mutatedRecord(record)).event),
  );
  return explanation === null ? "no condition of the rules is explained" : sentenceOf(explanation);
}

export function rulesEvasion(cases: readonly CaseEvasion[]): RulesEvasion {
  const tried = cases.flatMap(({ case: name, rules, trials }) => trials.map((trial) => ({ ...trial, case: name, rules })));
  const scored = (list: readonly { readonly detected: boolean }[]): Score =>
    score(list.length, list.filter(({ detected }) => detected).length);
  const byMutation = (list: typeof tried): (MutationScore & { readonly title: string })[] =>
    MUTATIONS.map(({ id, title }) => ({ mutation: id, title, ...scored(list.filter(({ mutation }) => mutation === id)) }));
  const rules = [...new Set(cases.flatMap((one) => one.rules))];
  return {
    total: scored(tried),
    mutations: byMutation(tried),
    notTried: notTried(
      cases.filter(({ skipped }) => skipped === null).map(({ trials }) => new Set(trials.map(({ mutation }) => mutation))),
    ),
    rules: rules.map((rule) => {
      const own = tried.filter((trial) => trial.rules.includes(rule));
      return { rule: rule.key, name: rule.name, ...scored(own), weakest: weakest(byMutation(own)) };
    }),
    misses: tried
      .filter(({ detected }) => !detected)
      .map(({ case: name, rules: about, mutation, reason }) => ({
        case: name,
        rules: about.map(({ key }) => key),
        mutation,
        reason: reason ?? "",
      })),
    skipped: cases.flatMap(({ case: name, skipped }) => (skipped === null ? [] : [{ case: name, reason: skipped }])),
  };
}
