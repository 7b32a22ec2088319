/** Rules as other platforms' queries and rule files, with what is lost at its place. */
import type { Detection, Rule } from "../../catalog/index.ts";
import { positionAt, type Diagnostic, type Loss, type LossEffect, type Query, type SourceLocation } from "../../eql/index.ts";
import type { SigmaRule } from "../../sigma/index.ts";
import { effectOf, PLATFORM_NAMES, PLATFORMS, type DeployFile, type PlatformName, type RuleMetadata } from "../../translate/index.ts";
import { queryMetadata, ruleMetadata, sigmaMetadata } from "./metadata.ts";

/** A rule to translate, wherever it comes from. */
export interface Translatable {
  /** `T1021.002/B1` */
  readonly key: string;
  readonly metadata: RuleMetadata;
  readonly query: Query;
  /** What the query's spans count in. */
  readonly text: string;
  readonly placeOf: (offset: number) => SourceLocation;
}

export interface PlacedLoss extends Loss {
  readonly place: SourceLocation;
  /** The piece of the source it is about. */
  readonly source: string;
}

export interface RuleTranslation {
  readonly rule: string;
  /** Fit for a file. */
  readonly name: string;
  readonly title: string;
  readonly platform: PlatformName;
  /** The worst of the losses; exact without any. */
  readonly effect: LossEffect;
  /** "" where it cannot be translated. */
  readonly text: string;
  readonly extension: string;
  readonly files: readonly DeployFile[];
  readonly losses: readonly PlacedLoss[];
}

/** The user's own column names by field of ECS. */
export type FieldNames = ReadonlyMap<string, string>;

const NO_NAMES: FieldNames = new Map();

export function translatableRule(detection: Detection, rule: Rule): Translatable {
  return {
    key: `${detection.id}/${rule.id}`,
    metadata: ruleMetadata(detection, rule),
    query: rule.tree,
    text: rule.query,
    placeOf: rule.queryPlace,
  };
}

/** @param text of the file the rule was read from. */
export function translatableSigma(rule: SigmaRule, text: string): Translatable {
  return { key: rule.key, metadata: sigmaMetadata(rule), query: rule.query, text, placeOf: placeIn(rule.place.file, text) };
}

export function translatableQuery(query: Query, text: string, file: string): Translatable {
  const name = file.replace(/^.*[\\/]/, "").replace(/\.[A-Za-z0-9]+$/, "");
  return { key: file, metadata: queryMetadata(query, text, name), query, text, placeOf: placeIn(file, text) };
}

function placeIn(file: string, text: string): (offset: number) => SourceLocation {
  return (offset) => ({ file, ...positionAt(text, offset) });
}

export function translate(what: Translatable, platform: PlatformName, fields: FieldNames = NO_NAMES): RuleTranslation {
  const target = PLATFORMS[platform];
  const { text, files, losses: lost } = target.translate({ query: what.query, metadata: what.metadata, fields });
  const losses = target.withExceptions === true || text === "" ? lost : [...lost, ...exceptionsLeft(what)];
  const effect = effectOf(losses);
  // Text beside an untranslatable part would be run as if it were the rule.
  const whole = effect !== "untranslatable";
  return {
    rule: what.key,
    name: what.metadata.id,
    title: what.metadata.title,
    platform,
    effect,
    text: whole ? text : "",
    extension: target.extension,
    files: whole ? files : [],
    losses: losses.map((loss) => ({ ...loss, place: what.placeOf(loss.span.from), source: what.text.slice(loss.span.from, loss.span.to) })),
  };
}

/** A query without the rule's exceptions alerts on what they take away. */
function exceptionsLeft({ metadata, query }: Translatable): Loss[] {
  const ids = (metadata.exceptions ?? []).map(({ id }) => id);
  if (ids.length === 0) return [];
  const reason = `The exceptions of tuning.yaml are not part of it: ${ids.join(", ")}`;
  return [{ effect: "exact", span: query.span, reason, advice: "Enter them as exclusions of the platform's own." }];
}

export function translateRule(detection: Detection, rule: Rule, platform: PlatformName, fields: FieldNames = NO_NAMES): RuleTranslation {
  return translate(translatableRule(detection, rule), platform, fields);
}

/** Whether the text lacks a condition that had to hold of the rule's events. */
export function dropsConjunct({ losses }: Pick<RuleTranslation, "losses">): boolean {
  return losses.some((loss) => loss.dropsConjunct === true);
}

/** The translation without its text where the text lacks a condition that had to hold: it would be run as if it were the rule. */
export function withoutDroppedConjuncts(made: RuleTranslation): RuleTranslation {
  if (!dropsConjunct(made)) return made;
  const losses = made.losses.map((loss): PlacedLoss =>
    loss.dropsConjunct === true ? { ...loss, effect: "untranslatable", advice: withSentence(loss.advice, REFUSED) } : loss,
  );
  return { ...made, effect: "untranslatable", text: "", files: [], losses };
}

const REFUSED = "Without it the query finds other events than the rule; --allow-wider writes it all the same.";

function withSentence(advice: string | null, sentence: string): string {
  return advice === null ? sentence : `${advice} ${sentence}`;
}

/** On every platform, in the platforms' order. */
export function translations(detection: Detection, rule: Rule, fields: FieldNames = NO_NAMES): RuleTranslation[] {
  const what = translatableRule(detection, rule);
  return PLATFORM_NAMES.map((platform) => translate(what, platform, fields));
}

const SEVERITY = { exact: "hint", wider: "warning", narrower: "warning", untranslatable: "error" } as const satisfies Record<
  LossEffect,
  Diagnostic["severity"]
>;

/** A loss as a diagnostic of the query's text. */
export function lossDiagnostic(loss: Loss, platform: string): Diagnostic {
  return {
    code: `${platform}/${loss.effect}`,
    severity: SEVERITY[loss.effect],
    summary: loss.reason,
    span: loss.span,
    labels: [],
    help: loss.advice,
  };
}
