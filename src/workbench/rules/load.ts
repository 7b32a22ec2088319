/** Every rule a user has, from whatever they keep them in: recognised by content; what does not run is listed. */
import { ecsSchema, loadPackage, looksLikeRuleCases, type Detection } from "../../catalog/index.ts";
import type { RunnableRule } from "../../detect/index.ts";
import { loadElastic, looksElastic, UNSUPPORTED, type ElasticContent } from "../../elastic/index.ts";
import { positionAt, type EventDocument, type RuleProblem, type SourceLocation } from "../../eql/index.ts";
import { unpack } from "../../readers/index.ts";
import { loadSigma, type Correlation, type Pipeline, type SigmaCollection, type SigmaRule } from "../../sigma/index.ts";
import type { RunnableCorrelation } from "../hunt/correlations.ts";
import { runnableCorrelations, runnableSigma } from "./sigma.ts";

/** A file of rules, or an archive of such files. */
export interface RuleFile {
  /** As it is shown in problems, with `/` between folders. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

export interface LoadRulesOptions {
  /** `2026-11-24`: what has expired before it is not applied. */
  readonly today: string;
  /** What `%name%` stands for in Sigma rules. */
  readonly placeholders?: ReadonlyMap<string, readonly string[]>;
  /** What a user's own data calls Sigma's fields. */
  readonly pipelines?: readonly Pipeline[];
  /** Documents of threat intelligence in ECS, for rules that compare events with them. */
  readonly indicators?: readonly EventDocument[];
}

export interface RuleSet {
  readonly packages: readonly Detection[];
  /** The texts of each package, by its id: path inside its folder -> text. */
  readonly packageTexts: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Sigma's and Elastic's. */
  readonly rules: readonly RunnableRule[];
  readonly correlations: readonly RunnableCorrelation[];
  /** Rules of correlations that make no alerts of their own. */
  readonly parts: readonly RunnableRule[];
  /** Where each rule of no package was read from, by its key; correlations and parts, too. */
  readonly origins: ReadonlyMap<string, RuleOrigin>;
  /** What each of these is made of, by its key; `ruleDetails` reads it. */
  readonly sources: ReadonlyMap<string, RuleSource>;
  /** Files of cases for the rules of no package, to be read by who proves them. */
  readonly caseFiles: readonly TextFile[];
  readonly problems: readonly RuleProblem[];
  /** Sigma rules whose log source nothing here produces, most first. */
  readonly notServed: readonly { readonly logsource: string; readonly rules: number }[];
  /** Correlations of rules that do not run. */
  readonly correlationsNotRun: number;
  /** Deprecated and disabled rules. */
  readonly inactive: number;
  /** Packages that cannot be used at all. */
  readonly brokenPackages: number;
  /** Rules that are broken, or made of such: not those that are understood and cannot run here. */
  readonly broken: number;
  /** Files in which there is no rule. */
  readonly other: readonly string[];
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

export interface TextFile {
  readonly path: string;
  readonly text: string;
}

export function loadRules(files: readonly RuleFile[], options: LoadRulesOptions): RuleSet {
  const problems: RuleProblem[] = [];
  const texts = files.flatMap((file) => textsOf(file, problems));
  const folders = texts.filter(({ path }) => /(?:^|[/!])package\.ya?ml$/.test(path)).map(({ path }) => path.replace(/[^/!]*$/, ""));
  const inPackage = (path: string): boolean => folders.some((folder) => path.startsWith(folder));

  const packages: Detection[] = [];
  const packageTexts = new Map<string, ReadonlyMap<string, string>>();
  let brokenPackages = 0;
  for (const folder of folders) {
    const inside = new Map(texts.filter(({ path }) => path.startsWith(folder)).map(({ path, text }) => [path.slice(folder.length), text]));
    const loaded = loadPackage(inside, { today: options.today });
    if (loaded.package === null) brokenPackages++;
    else {
      packages.push(loaded.package);
      packageTexts.set(loaded.package.id, inside);
    }
    for (const { place, ...problem } of loaded.problems) problems.push({ ...problem, place: { ...place, file: `${folder}${place.file}` } });
  }

  const outside = texts.filter(({ path }) => !inPackage(path));
  const caseFiles = outside.filter(looksLikeRuleCases);
  const loose = outside.filter((file) => !looksLikeRuleCases(file));
  const elastic = loose.filter(looksElastic);
  const sigma = loose.filter((file) => !elastic.includes(file) && looksSigma(file));
  const { rules, origins, contents, inactive, problems: elasticProblems } = loadElastic(elastic, { schema: ecsSchema(), ...options });
  problems.push(...elasticProblems);
  const collection = loadSigma(sigma, options);
  problems.push(...collection.problems);
  const correlations = runnableCorrelations(collection.correlations, collection.rules);
  return {
    packages,
    packageTexts,
    rules: [...collection.rules.filter((rule) => !rule.silent).map(runnableSigma), ...rules],
    correlations,
    parts: collection.rules.filter((rule) => rule.silent).map(runnableSigma),
    origins: new Map([...origins, ...sigmaOrigins(sigma, collection)]),
    sources: new Map([
      ...[...contents].map(([key, one]): [string, RuleSource] => [key, { kind: "elastic", content: one }]),
      ...sigmaSources(sigma, collection),
    ]),
    caseFiles,
    problems,
    notServed: collection.notServed,
    correlationsNotRun: collection.correlations.length - correlations.length,
    inactive,
    brokenPackages,
    broken: brokenRules(problems) + collection.correlations.length - correlations.length,
    other: loose.filter((file) => !elastic.includes(file) && !sigma.includes(file)).map(({ path }) => path),
  };
}

/** Spans of Sigma's are of the file's text. */
function sigmaOrigins(files: readonly TextFile[], { rules, correlations }: SigmaCollection): [string, RuleOrigin][] {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  return [...rules, ...correlations].map(({ key, place }) => {
    const placeOf = (offset: number): SourceLocation => {
      const { line, column } = positionAt(texts.get(place.file) ?? "", offset);
      return { file: place.file, line, column };
    };
    return [key, { place, placeOf }];
  });
}

function sigmaSources(files: readonly TextFile[], { rules, correlations }: SigmaCollection): [string, RuleSource][] {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const fileOf = (path: string): string => texts.get(path) ?? "";
  return [
    ...rules.map((rule): [string, RuleSource] => [rule.key, { kind: "sigma", rule, file: fileOf(rule.place.file) }]),
    ...correlations.map((correlation): [string, RuleSource] => [
      correlation.key,
      { kind: "correlation", correlation, file: fileOf(correlation.place.file) },
    ]),
  ];
}

/** A YAML document with one of the keys that only Sigma's have. */
function looksSigma({ path, text }: TextFile): boolean {
  return /\.ya?ml$/i.test(path) && /^(?:detection|correlation|filter|logsource)\s*:/m.test(text);
}

function textsOf(file: RuleFile, problems: RuleProblem[]): TextFile[] {
  const decoder = new TextDecoder("utf-8");
  const unpacked = unpack(file.path, file.bytes, ({ code, severity, message, place, help }) =>
    problems.push({ code, severity, message, place: { file: place.file, line: 1, column: 1 }, rule: null, help: help ?? null }),
  );
  return unpacked.map(({ name, bytes }) => ({ path: name, text: decoder.decode(bytes) }));
}

/** One rule may have several errors. */
function brokenRules(problems: readonly RuleProblem[]): number {
  const errors = problems.filter(({ severity, code }) => severity === "error" && !UNSUPPORTED.has(code));
  return new Set(errors.map(({ place, rule }) => `${place.file}\n${rule ?? place.line}`)).size;
}
