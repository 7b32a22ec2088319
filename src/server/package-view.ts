import {
  missesOf,
  PackageFacts,
  PLATFORM_NAMES,
  ruleNeeds,
  rulesToStartWith,
  translateRule,
  type CaseResult,
  type Detection,
  type PackageMiss,
  type PlatformName,
  type Rule,
  type RuleNeeds,
  type RuleTranslation,
} from "../workbench/index.ts";
import type { Face } from "./page-links.ts";
import type { PackageSource } from "./state.ts";

/** A package as the pages see it. What is measured or translated is so at first use, once. */
export class PackageView {
  readonly detection: Detection;
  readonly files: ReadonlyMap<string, string>;
  readonly facts: PackageFacts;
  /** The rules to turn on first, best first. */
  readonly startWith: readonly Rule[];
  readonly #face: Face;
  readonly #translations = new Map<string, RuleTranslation>();
  readonly #needs = new Map<string, RuleNeeds>();
  #misses: readonly PackageMiss[] | undefined;

  constructor(source: PackageSource, today: string, face: Face) {
    this.detection = source.detection;
    this.files = source.files;
    this.facts = new PackageFacts(source.detection, today);
    this.startWith = rulesToStartWith(source.detection);
    this.#face = face;
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

  translation(rule: Rule, platform: PlatformName): RuleTranslation {
    const key = `${rule.id} ${platform}`;
    let made = this.#translations.get(key);
    if (made === undefined) {
      made = translateRule(this.detection, rule, platform);
      this.#translations.set(key, made);
    }
    return made;
  }

  /** On every platform. */
  translations(rule: Rule): readonly RuleTranslation[] {
    return PLATFORM_NAMES.map((platform) => this.translation(rule, platform));
  }

  /** What the package does not detect. */
  get misses(): readonly PackageMiss[] {
    this.#misses ??= missesOf(this.facts);
    return this.#misses;
  }

  /**
   * Whether a page can show what is measured. A served page does not wait for it: it shows the rest at once and asks again. Written pages
   * have everything.
   */
  get isMeasured(): boolean {
    return this.#face === "written" || this.facts.isMeasured;
  }

  needs(rule: Rule): RuleNeeds {
    let needs = this.#needs.get(rule.id);
    if (needs === undefined) {
      needs = ruleNeeds(rule);
      this.#needs.set(rule.id, needs);
    }
    return needs;
  }

  /** The same of its translations. */
  get isTranslated(): boolean {
    return this.#face === "written" || this.#translations.size === this.detection.rules.length * PLATFORM_NAMES.length;
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
