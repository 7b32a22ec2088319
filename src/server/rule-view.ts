/** Rules of no package, in the groups in which they are listed. */
import {
  lintRule,
  PLATFORM_NAMES,
  ruleDetails,
  translatable,
  translate,
  type RuleCaseResult,
  type RuleDetails,
  type RuleLint,
  type RuleSet,
  type RulesProof,
  type RuleTranslation,
  type RunnableRule,
} from "../workbench/index.ts";

/** Rules that belong to no package, and what their cases show. */
export interface LooseRules {
  readonly set: RuleSet;
  readonly proof: RulesProof;
}

/** Rules that share a technique or a log source. */
export interface RuleGroup {
  readonly title: string;
  /** From the root, without the number of the page. */
  readonly path: string;
  readonly rules: readonly RuleView[];
}

/** A rule of no package as the pages see it. What is measured or translated is so when it is asked for. */
export class RuleView {
  readonly rule: RunnableRule;
  readonly details: RuleDetails;
  /** Its folder on the site. */
  readonly path: string;
  readonly cases: readonly RuleCaseResult[];
  readonly #set: RuleSet;
  #lint: RuleLint | undefined;

  constructor(set: RuleSet, rule: RunnableRule, details: RuleDetails, path: string, cases: readonly RuleCaseResult[]) {
    this.#set = set;
    this.rule = rule;
    this.details = details;
    this.path = path;
    this.cases = cases;
  }

  get lint(): RuleLint {
    this.#lint ??= lintRule(this.#set, this.rule);
    return this.#lint;
  }

  get file(): string {
    return this.#set.origins.get(this.rule.key)?.place.file ?? "";
  }

  /** A sentence where there can be none. */
  translations(): readonly RuleTranslation[] | string {
    const what = translatable(this.#set, this.rule);
    return typeof what === "string" ? what : PLATFORM_NAMES.map((platform) => translate(what, platform));
  }
}

/** In the order of the rules. */
export function ruleViews({ set, proof }: LooseRules): RuleView[] {
  const cases = new Map<string, RuleCaseResult[]>();
  for (const one of proof.cases)
    for (const { key } of one.rules) {
      const known = cases.get(key);
      if (known === undefined) cases.set(key, [one]);
      else known.push(one);
    }
  const taken = new Set<string>();
  return [...set.rules, ...set.correlations.map(({ rule }) => rule), ...set.parts].flatMap((rule) => {
    const details = ruleDetails(set, rule);
    if (details === null) return [];
    return [new RuleView(set, rule, details, `rules/${freeName(plain(rule.uuid), taken)}/`, cases.get(rule.key) ?? [])];
  });
}

/** By what its events are recognised, largest first. */
export function byLogSource(views: readonly RuleView[]): RuleGroup[] {
  return grouped(views, "source", ({ details }) => [details.group]);
}

/** By technique of ATT&CK, in the order of ids; rules without one are in none. */
export function byTechnique(views: readonly RuleView[]): RuleGroup[] {
  return grouped(views, "technique", (view) => techniquesOf(view)).sort((a, b) => (a.title < b.title ? -1 : 1));
}

/** `T1059.001`; the technique where a rule has no sub-technique. */
export function techniquesOf({ rule }: RuleView): string[] {
  return [...new Set(rule.threat.flatMap(({ technique }) => technique?.subtechnique?.id ?? technique?.id ?? []))];
}

function grouped(views: readonly RuleView[], kind: string, keys: (view: RuleView) => readonly string[]): RuleGroup[] {
  const groups = new Map<string, RuleView[]>();
  for (const view of views)
    for (const key of keys(view)) {
      const known = groups.get(key);
      if (known === undefined) groups.set(key, [view]);
      else known.push(view);
    }
  const taken = new Set<string>();
  return [...groups]
    .map(([title, rules]) => ({ title, path: `rules/${kind}/${freeName(plain(title), taken)}/`, rules }))
    .sort((a, b) => b.rules.length - a.rules.length);
}

/** A name for a folder on every system. */
function plain(text: string): string {
  const name = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 80);
  return /^(?:|con|prn|aux|nul|com\d|lpt\d|all|source|technique|not-run)$/.test(name) ? `rule-${name}` : name;
}

function freeName(name: string, taken: Set<string>): string {
  let free = name;
  for (let number = 2; taken.has(free); number++) free = `${name}-${number}`;
  taken.add(free);
  return free;
}
