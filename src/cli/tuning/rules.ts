/** Tuning of rules that belong to no package: each proposal is held against the rule's cases. */
import {
  RuleCaseRun,
  RuleTuning,
  withoutEvents,
  type PlannedCase,
  type ProofPlan,
  type RuleCaseResult,
  type RuleProposals,
  type RuleSet,
  type RunnableRule,
  type TuneOptions,
  type WrittenAlert,
} from "../../workbench/index.ts";
import { planCases, readCase } from "../proof/rules.ts";

/** One for each rule that has alerts. */
export async function proposeForRules(set: RuleSet, alerts: readonly WrittenAlert[], options: TuneOptions): Promise<RuleProposals[]> {
  const keys = new Set(alerts.map(({ rule }) => rule.key));
  const rules = [...set.rules, ...set.correlations.map(({ rule }) => rule)].filter(({ key }) => keys.has(key));
  if (rules.length === 0) return [];
  const plan = planCases(set);
  const all: RuleProposals[] = [];
  for (const rule of rules) all.push(await proposeFor(new RuleTuning(set, rule, alerts, options), plan));
  return all;
}

async function proposeFor(tuning: RuleTuning, plan: ProofPlan): Promise<RuleProposals> {
  const cases: { readonly planned: PlannedCase; readonly holds: boolean }[] = [];
  for (const planned of plan.cases.filter(({ rules }) => rules.includes(tuning.rule)))
    cases.push({ planned, holds: holds(await runCase(planned)) });
  const tried = [];
  // They end up in one file: each is tried with those before it that broke nothing, since a group may lose its events piece by piece.
  let query = tuning.rule.query;
  for (const condition of tuning.conditions) {
    const changed: RunnableRule = { ...tuning.rule, query: withoutEvents(query, condition) };
    const breaks = [];
    for (const { planned, holds: held } of cases) {
      if (!held || holds(await runCase(withRule(planned, changed)))) continue;
      const { name, place } = planned.case;
      breaks.push({ case: name, file: place.file, line: place.line });
    }
    if (breaks.length === 0) query = changed.query;
    tried.push({ breaks, casesRun: cases.length });
  }
  return tuning.finish(tried);
}

async function runCase(planned: PlannedCase): Promise<RuleCaseResult> {
  const run = new RuleCaseRun(planned, Date.now());
  await readCase(planned, run);
  return run.finish();
}

function holds({ failures }: RuleCaseResult): boolean {
  return failures.length === 0;
}

function withRule(planned: PlannedCase, changed: RunnableRule): PlannedCase {
  const swap = (rules: readonly RunnableRule[]): RunnableRule[] => rules.map((rule) => (rule.key === changed.key ? changed : rule));
  return {
    ...planned,
    rules: swap(planned.rules),
    hunt: { ...planned.hunt, rules: swap(planned.hunt.rules), parts: swap(planned.hunt.parts) },
  };
}
