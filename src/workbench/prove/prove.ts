/**
 * Proves a detection package by its own cases: raw telemetry goes through reader, normaliser, rules and exceptions, and what comes out
 * is held against what the case says. Everything is data; the room `report` puts it into words.
 */
import { exceptionsOf, withLoopback, type Case, type Detection, type Rule } from "../../catalog/index.ts";
import { ExceptionSet } from "../../detect/index.ts";
import { createNormaliser } from "../../ecs/index.ts";
import type { EventDocument, FaultCode, RuleProblem } from "../../eql/index.ts";
import { openInput, type Problem } from "../../readers/index.ts";
import type { CaseResult, Failure } from "./case-result.ts";
import { checkClaims } from "./check-claims.ts";
import { coverageOf, type Coverage } from "./coverage.ts";
import { explain } from "../explain/explain.ts";
import { UnmappedCounts } from "../hunt/unmapped.ts";
import { runnable, type Runnable } from "../query/run-query.ts";
import { inTimeOrder } from "../query/time-order.ts";

export interface ProveOptions {
  /** The day exceptions are judged by, `2026-11-24`: an expired one is not applied. */
  readonly today: string;
  /** Only cases whose name holds this text. Claims and coverage are then not judged: they need all cases. */
  readonly only?: string;
}

export interface Proof {
  readonly detection: string;
  readonly cases: readonly CaseResult[];
  readonly coverage: Coverage;
  /** What the documents say and the cases do not show. Errors refuse the package. */
  readonly claims: readonly RuleProblem[];
  readonly passed: number;
  readonly failed: number;
  /** No case failed and no claim is an error. */
  readonly holds: boolean;
  readonly ms: number;
}

export function prove(detection: Detection, options: ProveOptions): Proof {
  const steps = proveInSteps(detection, options);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** The same, a case at a time: for who has other things to do meanwhile. */
export function* proveInSteps(detection: Detection, options: ProveOptions): Generator<void, Proof, void> {
  const begun = performance.now();
  const bench = new Bench(detection, options.today);
  const { only } = options;
  const chosen = only === undefined ? detection.cases : detection.cases.filter((c) => c.name.includes(only));
  const cases: CaseResult[] = [];
  for (const c of chosen) {
    yield;
    cases.push(bench.run(c));
  }
  const coverage = coverageOf(detection, cases);
  const claims = only === undefined ? checkClaims(detection, cases, coverage) : [];
  const failed = cases.filter((c) => c.failures.length > 0).length;
  return {
    detection: detection.id,
    cases,
    coverage,
    claims,
    passed: cases.length - failed,
    failed,
    holds: failed === 0 && !claims.some((claim) => claim.severity === "error"),
    ms: performance.now() - begun,
  };
}

/** The rules, compiled once for all cases. */
class Bench {
  readonly #rules: readonly { readonly rule: Rule; readonly run: Runnable; readonly lab: Runnable }[];
  readonly #exceptions: ExceptionSet;
  /** Of the rule that runs. */
  readonly #faults = new Map<FaultCode, number>();

  constructor(detection: Detection, today: string) {
    this.#rules = detection.rules.map((rule) => ({
      rule,
      run: runnable(rule.tree, (code) => this.#fault(code)),
      lab: runnable(withLoopback(rule.tree)),
    }));
    this.#exceptions = new ExceptionSet(exceptionsOf(detection.tuning, today));
  }

  run(c: Case): CaseResult {
    const begun = performance.now();
    const failures: Failure[] = [];
    const events = readEvents(c, failures);
    this.#signals(c, events, failures);
    const { fired, excepted } = this.#alerts(c, events, failures);
    const labFired = this.#loopback(c, events, fired, failures);
    for (const { rule, by } of c.excepted) {
      const instead = excepted.filter((e) => e.rule === rule);
      if (!instead.some((e) => e.by === by)) failures.push({ kind: "not-excepted", rule, by, instead: instead[0]?.by ?? null });
    }
    for (const { rule, by } of excepted) {
      if (!c.excepted.some((e) => e.rule === rule)) failures.push({ kind: "excepted", rule, by });
    }
    return { case: c, ms: performance.now() - begun, events, fired, excepted, labFired, failures };
  }

  #fault(code: FaultCode): void {
    this.#faults.set(code, (this.#faults.get(code) ?? 0) + 1);
  }

  #signals(c: Case, events: readonly EventDocument[], failures: Failure[]): void {
    c.signals.forEach((signal, i) => {
      const tree = c.signalTrees[i]!;
      const found = runnable(tree)(events).length;
      const expected = signal.count ?? null;
      if (expected === null ? found > 0 : found === expected) return;
      const explanation = found === 0 ? explain(tree, signal.query, events) : null;
      failures.push({ kind: "signal", name: signal.name, expected, found, explanation });
    });
  }

  #alerts(c: Case, events: readonly EventDocument[], failures: Failure[]): Pick<CaseResult, "fired" | "excepted"> {
    const fired: string[] = [];
    const excepted: { rule: string; by: string }[] = [];
    for (const { rule, run } of this.#rules) {
      this.#faults.clear();
      const matches = run(events);
      for (const [code, count] of this.#faults) failures.push({ kind: "rule-fault", rule: rule.id, code, count });
      const left = matches.filter((match) => {
        const by = this.#exceptions.covering(rule.id, match)?.id;
        if (by === undefined) return true;
        if (!excepted.some((e) => e.rule === rule.id && e.by === by)) excepted.push({ rule: rule.id, by });
        return false;
      });
      if (left.length > 0) fired.push(rule.id);
      const wanted = c.fires.includes(rule.id);
      if (wanted && left.length === 0 && matches.length === 0)
        failures.push({ kind: "rule-silent", rule: rule.id, lab: false, explanation: explain(rule.tree, rule.query, events) });
      if (!wanted && left.length > 0) failures.push({ kind: "rule-fired", rule: rule.id, lab: false, events: left[0]! });
    }
    return { fired, excepted };
  }

  /** The rules that alert only with `lab_loopback` on, without exceptions: in a lab everything should be seen. */
  #loopback(c: Case, events: readonly EventDocument[], fired: readonly string[], failures: Failure[]): string[] {
    const more: string[] = [];
    for (const { rule, lab } of this.#rules) {
      if (fired.includes(rule.id) || c.excepted.some((e) => e.rule === rule.id)) continue;
      const matches = lab(events);
      if (matches.length > 0) more.push(rule.id);
      const wanted = c.lab_fires.includes(rule.id);
      if (wanted && matches.length === 0)
        failures.push({ kind: "rule-silent", rule: rule.id, lab: true, explanation: explain(withLoopback(rule.tree), rule.query, events) });
      if (!wanted && matches.length > 0) failures.push({ kind: "rule-fired", rule: rule.id, lab: true, events: matches[0]! });
    }
    return more;
  }
}

/** Reads a case as any input is read. Sorted by time, as a search would; events without a time come last. */
function readEvents(c: Case, failures: Failure[]): EventDocument[] {
  const normaliser = createNormaliser();
  const found: EventDocument[] = [];
  const unmapped = new UnmappedCounts();
  const decoder = openInput(c.eventsFile);
  const sink = {
    record(record: Parameters<typeof normaliser.normalise>[0]): void {
      const { event, unmapped: unknown } = normaliser.normalise(record);
      if (unknown) unmapped.add(event);
      found.push(event);
    },
    problem(problem: Problem): void {
      failures.push({ kind: "unreadable", problem });
    },
  };
  decoder.push(new TextEncoder().encode(c.eventsText), sink);
  decoder.end(sink);
  if (found.length === 0) failures.push({ kind: "no-events" });
  for (const one of unmapped.list()) failures.push({ kind: "unmapped", ...one });
  return inTimeOrder(found, (event) => event);
}
