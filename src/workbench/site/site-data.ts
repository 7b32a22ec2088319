/** What a catalogue page of a package shows beyond its texts: measured, not claimed. */
import { admits, attack, possible, type Case, type Detection, type Rule } from "../../catalog/index.ts";
import { createNormaliser, sources, type EventShape, type Normalised, type Source } from "../../ecs/index.ts";
import type { EventDocument, EventFilter, Query } from "../../eql/index.ts";
import { eventXml, openInput, type Problem, type LogRecord } from "../../readers/index.ts";
import { navigatorLayer } from "../../translate/index.ts";
import type { CaseResult } from "../prove/case-result.ts";
import { jsonText } from "../json-text.ts";
import { evade, evadeInSteps, type EvasionReport } from "../evade/evasion.ts";
import { explain, type Explanation } from "../explain/explain.ts";
import { lintPackage, type LintReport } from "../lint/lint.ts";
import { packageLevel, type PackageLevel } from "../lint/levels.ts";
import { withAdditions } from "../lint/shapes.ts";
import { prove, proveInSteps, type Proof } from "../prove/prove.ts";
import { ruleMetadata } from "../translate/metadata.ts";

/** A package with what its own cases, the linter and the mutations say of it. Each is measured when it is first asked for, once. */
export class PackageFacts {
  readonly detection: Detection;
  readonly #today: string;
  #proof: Proof | undefined;
  #lint: LintReport | undefined;
  #evasion: EvasionReport | undefined;

  /** @param today the day exceptions are judged by, `2026-11-24`. */
  constructor(detection: Detection, today: string) {
    this.detection = detection;
    this.#today = today;
  }

  get proof(): Proof {
    this.#proof ??= prove(this.detection, { today: this.#today });
    return this.#proof;
  }

  get lint(): LintReport {
    this.#lint ??= lintPackage(this.detection);
    return this.#lint;
  }

  get level(): PackageLevel {
    return packageLevel(this.detection, this.proof);
  }

  get evasion(): EvasionReport {
    this.#evasion ??= evade(this.detection, { today: this.#today });
    return this.#evasion;
  }

  /** Whether all of it is measured, so that asking for it takes no time. */
  get isMeasured(): boolean {
    return this.#proof !== undefined && this.#lint !== undefined && this.#evasion !== undefined;
  }

  /** Measures all of it, in steps. What somebody asks for meanwhile is measured at once, and not again. */
  *steps(): Generator<void, void, void> {
    const options = { today: this.#today };
    const cases = proveInSteps(this.detection, options);
    while (this.#proof === undefined) {
      const { done, value } = cases.next();
      if (done === true) this.#proof = value;
      else yield;
    }
    yield;
    void this.lint;
    yield;
    const variants = evadeInSteps(this.detection, options);
    while (this.#evasion === undefined) {
      const { done, value } = variants.next();
      if (done === true) this.#evasion = value;
      else yield;
    }
  }
}

/** A record of a case as it was recorded, and what came of it. */
export interface CaseEvent {
  /** JSON or XML, one record. */
  readonly raw: string;
  readonly rawKind: "json" | "xml";
  readonly event: EventDocument;
  /** The id of the source that took it. */
  readonly source: string;
  readonly line: number | null;
}

/** In the order of `CaseResult.events`. */
export function caseEvents(c: Case, result: CaseResult): CaseEvent[] {
  const normaliser = createNormaliser();
  const found: { record: LogRecord; normalised: Normalised }[] = [];
  const decoder = openInput(c.eventsFile);
  const sink = {
    record(record: LogRecord): void {
      found.push({ record, normalised: normaliser.normalise(record) });
    },
    problem(_problem: Problem): void {},
  };
  decoder.push(new TextEncoder().encode(c.eventsText), sink);
  decoder.end(sink);
  const lines = c.eventsText.split("\n");
  // The proof keeps the normalised events alone, by time: their place in the file distinguishes equal ones.
  const left = found.map((one) => ({ ...one, key: jsonText(one.normalised.event) }));
  return result.events.flatMap((event) => {
    const key = jsonText(event);
    const at = left.findIndex((one) => one.key === key);
    if (at < 0) return [];
    const [{ record, normalised }] = left.splice(at, 1) as [(typeof left)[number]];
    const line = record.place.line ?? null;
    const raw = record.kind === "windows" ? eventXml(record.event) : (lines[(line ?? 1) - 1] ?? jsonText(record.document));
    return [{ raw, rawKind: record.kind === "windows" ? "xml" : "json", event, source: normalised.source, line } as const];
  });
}

export type Outcome = "fires" | "silent" | "excepted" | "lab";

/** What a rule made of a case, and why. */
export interface RuleOutcome {
  readonly rule: string;
  readonly outcome: Outcome;
  /** The exception that took the alert away. */
  readonly by: string | null;
  readonly explanation: Explanation | null;
}

/** Every rule the case is about or that spoke in it, in the package's order. */
export function ruleOutcomes(detection: Detection, result: CaseResult): RuleOutcome[] {
  return detection.rules.flatMap((rule): RuleOutcome[] => {
    const by = result.excepted.find((e) => e.rule === rule.id)?.by ?? null;
    const outcome = outcomeOf(rule.id, result, by);
    return outcome === null ? [] : [{ rule: rule.id, outcome, by, explanation: explain(rule.tree, rule.query, result.events) }];
  });
}

function outcomeOf(rule: string, result: CaseResult, by: string | null): Outcome | null {
  if (result.fired.includes(rule)) return "fires";
  if (by !== null) return "excepted";
  if (result.labFired.includes(rule)) return "lab";
  return result.case.silent.includes(rule) ? "silent" : null;
}

/** One kind of event of one source. */
export interface StageNeed {
  readonly source: string;
  /** The place of the shape in the source's list. */
  readonly shape: number;
}

/** What a rule needs to be able to fire: for each stage the events that can satisfy it, of which one is enough. */
export interface RuleNeeds {
  readonly rule: string;
  readonly stages: readonly (readonly StageNeed[])[];
}

/** @param strict what Elastic's own pipelines produce, without what Tocsin's mapping adds. */
export function ruleNeeds(rule: Rule, strict = false): RuleNeeds {
  return {
    rule: rule.id,
    stages: requiredFilters(rule.tree).map((filter) =>
      sources().flatMap((source) =>
        source.produces.flatMap((shape, i) => (canMatch(filter, shape, strict) ? [{ source: source.id, shape: i }] : [])),
      ),
    ),
  };
}

function requiredFilters(query: Query): EventFilter[] {
  if (query.kind === "event") return [query.filter];
  if (query.kind === "sequence") return query.items.filter((item) => !item.missing).map((item) => item.filter);
  return query.items.map((item) => item.filter);
}

function canMatch(filter: EventFilter, shape: EventShape, strict: boolean): boolean {
  const whole = strict ? shape : withAdditions(shape);
  return admits(filter, whole) && possible(filter.condition, whole).canBeTrue;
}

/** Techniques that packages are about, with how well each is proved. */
export interface TechniqueCoverage {
  readonly technique: string;
  /** Packages whose rules look for it. */
  readonly packages: readonly string[];
  /** Packages that name it as what comes before, with or after. */
  readonly related: readonly string[];
}

export function attackCoverage(packages: readonly Detection[]): ReadonlyMap<string, TechniqueCoverage> {
  const found = new Map<string, { technique: string; packages: string[]; related: string[] }>();
  const at = (technique: string) => {
    const known = found.get(technique) ?? { technique, packages: [], related: [] };
    found.set(technique, known);
    return known;
  };
  for (const { id, meta } of packages) {
    const { attack } = meta;
    if (attack !== undefined) at((attack.subtechnique ?? attack.technique).id).packages.push(id);
    for (const technique of new Set([...(attack?.related_techniques ?? []).map((t) => t.id), ...meta.related.map((r) => r.technique)]))
      at(technique).related.push(id);
  }
  return found;
}

/** An ATT&CK Navigator layer of the packages. */
export function attackLayer(name: string, packages: readonly Detection[]): string {
  return navigatorLayer(
    name,
    packages.map((p) => p.meta.title).join(", "),
    packages.flatMap((p) => p.rules.map((rule) => ruleMetadata(p, rule))),
  );
}

export type { EventShape, Source };
export { attack };
