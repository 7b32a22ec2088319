/** Proves rules that belong to no package: each case is hunted in with the rules it is about, and their alerts are counted. */
import { ecsSchema, readRuleCases, type RuleCase } from "../../catalog/index.ts";
import type { RuleFault, RunnableRule } from "../../detect/index.ts";
import { compileFilter, type EventDocument, type RuleProblem } from "../../eql/index.ts";
import { openInput, type LogLocation, type LogRecord, type Problem, type Sink } from "../../readers/index.ts";
import { explain, type Explanation } from "../explain/explain.ts";
import type { RunnableCorrelation } from "../hunt/correlations.ts";
import { Hunt, type HuntOptions, type HuntResult } from "../hunt/hunt.ts";
import { Collected } from "../query/event-collector.ts";
import type { RuleSet } from "../rules/load.ts";

/** A case and what runs in it. */
export interface PlannedCase {
  readonly case: RuleCase;
  /** Whose alerts are counted. At least one. */
  readonly rules: readonly RunnableRule[];
  readonly hunt: Required<Pick<HuntOptions, "packages" | "rules" | "correlations" | "parts" | "timestampFields">>;
}

export interface ProofPlan {
  readonly cases: readonly PlannedCase[];
  /** Rules that no case is about, of those that alert. */
  readonly unproved: readonly RunnableRule[];
  /** Of the files of cases, and of cases without a rule. */
  readonly problems: readonly RuleProblem[];
}

export type RuleCaseFailure =
  | { readonly kind: "unreadable"; readonly problem: Problem }
  | { readonly kind: "no-events" }
  | { readonly kind: "rule-fault"; readonly fault: RuleFault }
  | { readonly kind: "too-few"; readonly expected: number | null; readonly alerts: number; readonly explanation: Explanation | null }
  | { readonly kind: "too-many"; readonly expected: number; readonly alerts: number; readonly events: readonly EventDocument[] };

/** What came of a case. */
export interface RuleCaseResult {
  readonly case: RuleCase;
  readonly rules: readonly RunnableRule[];
  /** How many events were read. */
  readonly events: number;
  readonly alerts: number;
  readonly failures: readonly RuleCaseFailure[];
  /** What `explanation` points into, in order of time; empty where there is none. */
  readonly explained: readonly EventDocument[];
  readonly ms: number;
}

export interface RulesProof {
  readonly cases: readonly RuleCaseResult[];
  /** Rules that no case is about. */
  readonly unproved: readonly RunnableRule[];
  readonly passed: number;
  readonly failed: number;
}

export function rulesProof(plan: ProofPlan, cases: readonly RuleCaseResult[]): RulesProof {
  const failed = cases.filter(({ failures }) => failures.length > 0).length;
  return { cases, unproved: plan.unproved, passed: cases.length - failed, failed };
}

/** Which rules each case is about, and which rules have none. */
export function planProof(set: RuleSet): ProofPlan {
  const problems: RuleProblem[] = [];
  const files = new Map<string, RunnableRule[]>();
  const names = new Map<string, Set<RunnableRule>>();
  const loud = new Set([...set.rules, ...set.correlations.map(({ rule }) => rule)]);
  for (const rule of [...loud, ...set.parts]) {
    const file = set.origins.get(rule.key)?.place.file.replace(/\.\w+$/, "");
    if (file !== undefined && loud.has(rule)) files.set(file, [...(files.get(file) ?? []), rule]);
    for (const name of [rule.key, rule.uuid, rule.name]) {
      const known = names.get(name.toLowerCase());
      if (known === undefined) names.set(name.toLowerCase(), new Set([rule]));
      else known.add(rule);
    }
  }
  const cases: PlannedCase[] = [];
  for (const one of set.caseFiles.flatMap((file) => readRuleCases(file, problems))) {
    const beside = one.beside === null ? null : (files.get(one.beside) ?? []);
    const named = one.rules.flatMap((name) => [...(names.get(name.toLowerCase()) ?? [])]);
    const rules = beside === null ? named : one.rules.length === 0 ? beside : named.filter((rule) => beside.includes(rule));
    if (rules.length === 0) problems.push(withoutRule(one));
    else cases.push({ case: one, rules, hunt: huntOf(rules, set) });
  }
  const proved = new Set(cases.flatMap(({ rules }) => rules));
  return { cases, unproved: [...loud].filter((rule) => !proved.has(rule)), problems };
}

function withoutRule({ name, place, beside, rules }: RuleCase): RuleProblem {
  const which = rules.length === 0 ? "" : ` \`${rules.join(", ")}\``;
  return {
    code: "cases/no-rule",
    severity: "error",
    message:
      beside === null
        ? `The case '${name}' is about the rule${which}, which is not among those that run`
        : `The case '${name}' is about a rule${which} beside it, and no rule file there runs`,
    place,
    rule: null,
    help: beside === null ? "Name the folder of the rules, too." : "NAME.cases.yaml lies beside NAME.yml, NAME.toml or NAME.eql.",
  };
}

/** The rules, and for correlations what they are made of. */
function huntOf(rules: readonly RunnableRule[], set: RuleSet): PlannedCase["hunt"] {
  const correlations = new Map<string, RunnableCorrelation>();
  const parts = new Set<RunnableRule>();
  const events = [...set.rules, ...set.parts];
  const add = (key: string): void => {
    const found = set.correlations.find(({ rule }) => rule.key === key);
    if (found === undefined || correlations.has(key)) return;
    for (const part of found.correlation.parts) {
      if (part.kind === "correlation") add(part.key);
      else for (const rule of events) if (rule.key === part.key && !rules.includes(rule)) parts.add(rule);
    }
    // What it is made of comes first.
    correlations.set(key, found);
  };
  for (const { key } of rules) add(key);
  return {
    packages: [],
    rules: rules.filter(({ key }) => !correlations.has(key)),
    correlations: [...correlations.values()],
    parts: [...parts],
    timestampFields: set.timestampFields,
  };
}

/** A case that runs: a sink for the readers of its log. */
export class RuleCaseRun implements Sink {
  readonly #planned: PlannedCase;
  readonly #hunt: Hunt;
  readonly #collected = new Collected({ limit: 10_000 });
  readonly #failures: RuleCaseFailure[] = [];
  readonly #begun = performance.now();

  /** @param now what `now` means in rules, epoch milliseconds */
  constructor(planned: PlannedCase, now: number) {
    this.#planned = planned;
    this.#hunt = new Hunt({ ...planned.hunt, now });
  }

  record(record: LogRecord): void {
    this.#hunt.record(record);
    this.#collected.record(record);
  }

  problem(problem: Problem): void {
    if (problem.severity === "error") this.#failures.push({ kind: "unreadable", problem });
  }

  file(_place: LogLocation, _format: string): void {}

  finish(): RuleCaseResult {
    const { case: one, rules } = this.#planned;
    const result = this.#hunt.finish();
    const failures = this.#failures;
    if (result.events === 0 && failures.length === 0) failures.push({ kind: "no-events" });
    for (const fault of result.faults) failures.push({ kind: "rule-fault", fault });
    const keys = new Set(rules.map(({ key }) => key));
    const counted = result.alerts.filter(({ rule }) => keys.has(rule.key));
    const alerts = counted.length + result.alertsNotKept;
    const { expect } = one;
    let explained: readonly EventDocument[] = [];
    if (expect === null ? alerts === 0 : alerts < expect) {
      explained = this.#unmatched();
      failures.push({ kind: "too-few", expected: expect, alerts, explanation: nearest(rules, explained) });
    } else if (expect !== null && alerts > expect)
      failures.push({ kind: "too-many", expected: expect, alerts, events: lastEvents(counted) });
    return { case: one, rules, events: result.events, alerts, failures, explained, ms: performance.now() - this.#begun };
  }

  /** The events that no event rule matches: among them is what should have. */
  #unmatched(): readonly EventDocument[] {
    const events = this.#collected.inOrder().map(({ event }) => event);
    const tests = this.#planned.rules.flatMap(({ query }) =>
      query.kind === "event" ? [compileFilter(query.filter, { schema: ecsSchema() })] : [],
    );
    return events.filter((event) => tests.every((test) => !test(event)));
  }
}

/** Reads the events that a case itself holds, as a log of them would be read. */
export function readEvents({ events, place }: RuleCase, sink: Sink): void {
  const decoder = openInput(place.file);
  decoder.push(new TextEncoder().encode((events ?? []).map((event) => JSON.stringify(event)).join("\n")), sink);
  decoder.end(sink);
}

/** Of the rule that comes closest. */
export function nearest(rules: readonly RunnableRule[], events: readonly EventDocument[]): Explanation | null {
  let best: Explanation | null = null;
  for (const { query } of rules) {
    const explanation = explain(query, null, events);
    if (explanation !== null && (best === null || closeness(explanation) > closeness(best))) best = explanation;
  }
  return best;
}

function closeness(explanation: Explanation): number {
  return explanation.kind === "event" ? explanation.explanation.score : explanation.reached / Math.max(1, explanation.needed);
}

function lastEvents(alerts: HuntResult["alerts"]): EventDocument[] {
  return alerts.flatMap(({ events }) => {
    const last = events.at(-1);
    return last === null || last === undefined ? [] : [last.event];
  });
}
