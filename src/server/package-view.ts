import {
  PackageFacts,
  ruleNeeds,
  translations,
  type CaseResult,
  type Detection,
  type Rule,
  type RuleNeeds,
  type RuleTranslation,
} from "../workbench/index.ts";
import type { PackageSource } from "./state.ts";

/** A package as the pages see it. What is measured or translated is so at first use, once. */
export class PackageView {
  readonly detection: Detection;
  readonly files: ReadonlyMap<string, string>;
  readonly facts: PackageFacts;
  readonly #translations = new Map<string, readonly RuleTranslation[]>();
  readonly #needs = new Map<string, RuleNeeds>();

  constructor(source: PackageSource, today: string) {
    this.detection = source.detection;
    this.files = source.files;
    this.facts = new PackageFacts(source.detection, today);
  }

  get id(): string {
    return this.detection.id;
  }

  /** Its folder on the site. */
  get path(): string {
    return `detections/${this.id}/`;
  }

  rule(id: string): Rule | undefined {
    return this.detection.rules.find((rule) => rule.id === id);
  }

  result(name: string): CaseResult | undefined {
    return this.facts.proof.cases.find((result) => result.case.name === name);
  }

  translations(rule: Rule): readonly RuleTranslation[] {
    let made = this.#translations.get(rule.id);
    if (made === undefined) {
      made = translations(this.detection, rule);
      this.#translations.set(rule.id, made);
    }
    return made;
  }

  needs(rule: Rule): RuleNeeds {
    let needs = this.#needs.get(rule.id);
    if (needs === undefined) {
      needs = ruleNeeds(rule);
      this.#needs.set(rule.id, needs);
    }
    return needs;
  }

  /** What measuring and translating takes, in steps of a moment each, so that somebody who waits for a page does not wait for all of it. */
  *steps(): Generator<void> {
    yield* this.facts.steps();
    for (const rule of this.detection.rules) {
      this.translations(rule);
      this.needs(rule);
      yield;
    }
  }

  /** Tests that a rule catches on the remote path, as measured. */
  testsOf(rule: string): string[] {
    return this.facts.proof.coverage.tests.filter((t) => t.source.includes(rule) || t.target.includes(rule)).map((t) => t.test);
  }
}
