/** Rules that belong to no package: Sigma's and Elastic's, read into plain data, and made ready to run from it. */
import { ecsSchema, looksLikeRuleCases } from "../../catalog/index.ts";
import type { RunnableRule } from "../../detect/index.ts";
import { esqlGrouping, loadElastic, looksElastic, type ElasticContent, type ElasticRules } from "../../elastic/index.ts";
import { positionAt, type EventDocument, type SourceLocation } from "../../eql/index.ts";
import { loadSigma, type Correlation, type Pipeline, type SigmaCollection, type SigmaRule } from "../../sigma/index.ts";

export interface TextFile {
  readonly path: string;
  readonly text: string;
}

export interface StandaloneOptions {
  /** `2026-11-24`: what has expired before it is not applied. */
  readonly today: string;
  /** What `%name%` stands for in Sigma rules. */
  readonly placeholders?: ReadonlyMap<string, readonly string[]>;
  /** What a user's own data calls Sigma's fields. */
  readonly pipelines?: readonly Pipeline[];
  /** Documents of threat intelligence in ECS, for rules that compare events with them. */
  readonly indicators?: readonly EventDocument[];
}

/** Plain data: what a structured clone takes, so that it can be kept and read back. */
export interface StandaloneRules {
  readonly sigma: SigmaCollection;
  readonly elastic: Omit<ElasticRules, "rules"> & { readonly rules: readonly WrittenRule[] };
  /** Paths of the files of cases, and of those in which there is no rule. */
  readonly caseFiles: readonly string[];
  readonly other: readonly string[];
  /** The first and the last day of which all this holds; null: it has no end. */
  readonly firstDay: string;
  readonly lastDay: string | null;
}

/** A rule; of one in ES|QL the query's text stands for the pipeline. */
type WrittenRule = Omit<RunnableRule, "grouping"> & {
  readonly grouping?:
    | Exclude<RunnableRule["grouping"], { readonly kind: "pipeline" }>
    | { readonly kind: "pipeline"; readonly text: string };
};

export function readStandalone(files: readonly TextFile[], options: StandaloneOptions): StandaloneRules {
  const loose = files.filter((file) => !looksLikeRuleCases(file));
  const elastic = new Set(loose.filter(looksElastic));
  const sigma = new Set(loose.filter((file) => !elastic.has(file) && looksSigma(file)));
  const ofElastic = loadElastic([...elastic], { schema: ecsSchema(), ...options });
  return {
    sigma: loadSigma([...sigma], options),
    elastic: { ...ofElastic, rules: ofElastic.rules.map(writtenRule) },
    caseFiles: files.filter(looksLikeRuleCases).map(({ path }) => path),
    other: loose.filter((file) => !elastic.has(file) && !sigma.has(file)).map(({ path }) => path),
    firstDay: options.today,
    lastDay: ofElastic.lastDay,
  };
}

function writtenRule(rule: RunnableRule): WrittenRule {
  const { grouping, ...rest } = rule;
  return {
    ...rest,
    ...(grouping === undefined ? {} : { grouping: grouping.kind === "pipeline" ? { kind: "pipeline", text: grouping.text } : grouping }),
  };
}

export function runnableElastic({ grouping, ...rest }: WrittenRule): RunnableRule {
  if (grouping === undefined) return rest;
  return { ...rest, grouping: grouping.kind === "pipeline" ? esqlGrouping(grouping.text, ecsSchema()) : grouping };
}

export interface RuleOrigin {
  readonly place: SourceLocation;
  /** The place of an offset of the rule's query (a span of its tree). */
  readonly placeOf: (offset: number) => SourceLocation;
}

/** What a rule of no package is made of, with the text of its file where spans are of that. */
export type RuleSource =
  | { readonly kind: "sigma"; readonly rule: SigmaRule; readonly file: string }
  | { readonly kind: "correlation"; readonly correlation: Correlation; readonly file: string }
  | { readonly kind: "elastic"; readonly content: ElasticContent };

/** Where each rule stands. @param textOf the text of a file of rules, by its path. */
export function originsOf({ sigma, elastic }: StandaloneRules, textOf: (path: string) => string): ReadonlyMap<string, RuleOrigin> {
  const origin = (place: SourceLocation, start: number): RuleOrigin => ({
    place,
    placeOf: (offset) => {
      const { line, column } = positionAt(textOf(place.file), start + offset);
      return { file: place.file, line, column };
    },
  });
  const ofElastic = [...elastic.origins].map(([key, { place, start }]) => {
    const whole: RuleOrigin = { place, placeOf: () => place };
    return [key, start === null ? whole : origin(place, start)] as const;
  });
  // Spans of Sigma's are of the file's text.
  return new Map([...ofElastic, ...[...sigma.rules, ...sigma.correlations].map(({ key, place }) => [key, origin(place, 0)] as const)]);
}

/** What each rule is made of. Texts are looked up when they are asked for. */
export function sourcesOf({ sigma, elastic }: StandaloneRules, textOf: (path: string) => string): ReadonlyMap<string, RuleSource> {
  const sources = new Map<string, RuleSource>();
  for (const [key, content] of elastic.contents) sources.set(key, { kind: "elastic", content });
  for (const rule of sigma.rules)
    sources.set(rule.key, {
      kind: "sigma",
      rule,
      get file() {
        return textOf(rule.place.file);
      },
    });
  for (const correlation of sigma.correlations)
    sources.set(correlation.key, {
      kind: "correlation",
      correlation,
      get file() {
        return textOf(correlation.place.file);
      },
    });
  return sources;
}

/**
 * Whether a file holds rules of no package, by its beginning: a few thousand characters are enough.
 * Cases and documents of exceptions count, since they belong to rules.
 */
export function looksLikeRules(file: TextFile): boolean {
  return looksLikeRuleCases(file) || looksElastic(file) || looksSigma(file);
}

/** A YAML document with one of the keys that only Sigma's have. */
function looksSigma({ path, text }: TextFile): boolean {
  return /\.ya?ml$/i.test(path) && /^(?:detection|correlation|filter|logsource)\s*:/m.test(text);
}
