export { partStartsOf, HEAD_BYTES, INPUT_FORMATS, openInput, type PartStarts, type PartEnd } from "../readers/index.ts";
export {
  Reading,
  type InputSource,
  type InputSummary,
  type ReadCounts,
  type ReadingOptions,
  type RecordSink,
  type SourceReading,
} from "./reading/reading.ts";
export type { DuplicateCounts, DuplicateFile } from "./reading/seen-records.ts";
export type { LogLocation, Problem, ReadOptions, LogRecord, Sink } from "../readers/index.ts";
export { loadPackage, type Detection, type Loaded, type Rule } from "../catalog/index.ts";
export {
  alertDocument,
  fold,
  hostOf,
  SEVERITIES,
  textAt,
  valueAt,
  whatOf,
  whereText,
  whoOf,
  type Alert,
  type AlertSpill,
  type EventDocument,
  type Incident,
  type Observed,
  type RuleCounts,
  type RuleFault,
  type RuleFaultCode,
  type RunnableRule,
  type Severity,
  type Spill,
  type Step,
  type Timed,
} from "../detect/index.ts";
export { Hunt, type HuntOptions, type HuntResult } from "./hunt/hunt.ts";
export { EventScan, withLinesFrom, type EventBatch, type FilterFault, type ScanSettings } from "./hunt/event-scan.ts";
export { storiesOf, type Story } from "./story/story.ts";
export type { Act, ActDeed, ActRule } from "./story/act.ts";
export type { KindCount } from "./hunt/event-tally.ts";
export type { UnmappedCount } from "./hunt/unmapped.ts";
export { NOT_NARROWED, type EventNarrowing, type EventsLeftOut } from "./narrowing/event-narrowing.ts";
export { ALL_RULES, narrowRules, type RuleNarrowing } from "./narrowing/rule-narrowing.ts";
export { LogEnd } from "./narrowing/log-end.ts";
export { readTimeBound, TIME_BOUNDS, type TimeBound } from "./narrowing/time-bound.ts";
export { clockTime, readTimeZone, UTC, zonedTime, type TimeZone } from "./narrowing/time-zone.ts";
export { AdHocQuery, type QueryOptions } from "./query/query.ts";
export { blindRules, type BlindRule } from "./hunt/missing-telemetry.ts";
export { packageRuleId, runnableRules, shortId } from "./rules/package.ts";
export { ruleDetails, translatable, type RuleDetails } from "./rules/details.ts";
export { loadRules, type LoadRulesOptions, type RuleCache, type RuleFile, type RuleSet } from "./rules/load.ts";
export { looksLikeRules, type RuleOrigin, type StandaloneOptions, type StandaloneRules, type TextFile } from "./rules/standalone.ts";
export { visible, visibleLines } from "./visible.ts";
export { jsonText } from "./json-text.ts";
export { ecsSchema } from "../catalog/index.ts";
export { ecsFields, type EcsField, type Normalised } from "../ecs/index.ts";
export { readQuery, type ReadQuery } from "./query/read-query.ts";
export { LOGON_FIELDS, LogonCounts, type LogonField, type LogonGroup, type LogonOptions } from "./logons/logons.ts";
export { FieldCounts, fieldText, type FieldCount } from "./query/field-counts.ts";
export { completionAt, type CompletionItem, type Found, type SeenFields } from "./completion/completion.ts";
export { fieldCompletionAt } from "./completion/field-completion.ts";
export { seenFields } from "./completion/seen-fields.ts";
export { textSearch } from "./query/text-search.ts";
export type { Query } from "../eql/index.ts";
export { EsqlRun, readEsql, type EsqlRow } from "./query/esql.ts";
export { esqlFields } from "./query/column-doubts.ts";
export { doubtedField } from "./query/doubts.ts";
export { EsqlLimitError } from "../esql/index.ts";
export {
  QUERY_LANGUAGES,
  TREE_LANGUAGES,
  isTreeLanguage,
  type LooksLike,
  type QueryLanguage,
  type TreeLanguage,
} from "./query/language.ts";
export {
  placeText,
  readInstant,
  similarNames,
  type Instant,
  schemaFromMapping,
  textColumns,
  toResponse,
  type Diagnostic,
  type RuleProblem,
  type Schema,
  type SearchResult,
  type SourceLocation,
} from "../eql/index.ts";
export { Collected } from "./query/event-collector.ts";
export { Converter, CONVERSIONS, type Conversion } from "./inspect/convert.ts";
export type { CaseResult, Failure as CaseFailure } from "./prove/case-result.ts";
export { prove, type Proof } from "./prove/prove.ts";
export {
  planProof,
  readEvents,
  RuleCaseRun,
  rulesProof,
  type PlannedCase,
  type ProofPlan,
  type RuleCaseFailure,
  type RuleCaseResult,
  type RulesProof,
} from "./prove/prove-rules.ts";
export {
  explain,
  type ExplainNode,
  type Explanation,
  type FilterExplanation,
  type StageExplanation,
  type Truth,
} from "./explain/explain.ts";
export { categoryText, NOT_PRESENT, reasons, seenText } from "./explain/reasons.ts";
export { explainAlert, ruleText, type AlertExplanation, type AlertStage } from "./explain/alert.ts";
export { flatten, type FlatField } from "./flatten.ts";
export type { ExceptionText } from "../catalog/index.ts";
export { Tuning, type TunableAlert, type TunedCase, type TuningEffect } from "./tune/tune.ts";
export { readException, withException } from "./tune/tuning-file.ts";
export { writtenAlerts, type WrittenAlert } from "./tune/alerts.ts";
export { propose, type Proposal, type Proposals, type ProposeOptions as TuneOptions } from "./tune/propose.ts";
export { RuleTuning, type RuleProposal, type RuleProposals } from "./tune/propose-rules.ts";
export { withoutEvents } from "./tune/rule-exceptions.ts";
export { parse, print, renderDiagnostics } from "../eql/index.ts";
export { Inspector, type ChannelReport, type CodeCount, type Inspection } from "./inspect/inspect.ts";
export { loadSigma, readFieldMap, readPipeline, type Pipeline, type PipelineFile, type ReadPipeline } from "../sigma/index.ts";
export { runnableCorrelations, runnableSigma } from "./rules/sigma.ts";
export type { RunnableCorrelation } from "./hunt/correlations.ts";
export { lintPackage, type LintOptions, type LintReport, type PlacedFinding } from "./lint/lint.ts";
export { Anonymiser, type Replaced } from "./record/anonymise.ts";
export { AnchorSearch, Cut, type Anchor, type CutRecord, type Wanted } from "./record/cut.ts";
export { eventsFile, type EventsFile } from "./record/events-text.ts";
export {
  kindQuery,
  originOf,
  recordForPackage,
  recordForRules,
  type CaseFacts,
  type RecordedPackageCase,
  type RecordedRuleCaseFile,
} from "./record/record.ts";
export { sha256, UNSTATED_LICENSE } from "../catalog/index.ts";
export { parseDuration } from "../eql/index.ts";
export { LEVEL_NEEDS, LEVELS, packageLevel, type Level, type PackageLevel } from "./lint/levels.ts";
export { lintRule, lintRules, type RuleLint, type RulesLint } from "./lint/lint-rules.ts";
export type { RuleFinding } from "./lint/rule-proof.ts";
export { evadeCase, rulesEvasion, type CaseEvasion, type RulesEvasion } from "./evade/evade-rules.ts";
export { RawRecords } from "./evade/evasion.ts";
export { evade, type EvasionOptions, type EvasionReport, type Miss, type RuleScore, type Score } from "./evade/evasion.ts";
export {
  lossDiagnostic,
  translatableQuery,
  translatableRule,
  translatableSigma,
  dropsConjunct,
  translate,
  translateRule,
  withoutDroppedConjuncts,
  translations,
  type FieldNames,
  type PlacedLoss,
  type RuleTranslation,
  type Translatable,
} from "./translate/translate.ts";
export { ruleMetadata } from "./translate/metadata.ts";
export type { RuleMetadata } from "../translate/index.ts";
export { isPlatformName, PLATFORM_NAMES, PLATFORMS, type PlatformName } from "../translate/index.ts";
export { kibanaBundle, layerOf } from "./translate/package.ts";
export {
  attack,
  attackCoverage,
  attackLayer,
  caseEvents,
  PackageFacts,
  ruleNeeds,
  ruleOutcomes,
  type CaseEvent,
  type EventShape,
  type Outcome,
  type RuleNeeds,
  type RuleOutcome,
  type Source,
  type StageNeed,
  type TechniqueCoverage,
} from "./site/site-data.ts";
export { rulesToStartWith } from "./site/first-rules.ts";
export { missesOf, type MissKind, type PackageMiss } from "./site/misses.ts";
export { ATTACK_LICENSE, LINT_CODES, lintExplanation, type Attack, type Case, type LintCode } from "../catalog/index.ts";
export { sources } from "../ecs/index.ts";
export {
  leastDetection,
  leastRule,
  packageIdProblem,
  ruleIdProblem,
  scaffoldDetection,
  scaffoldEdit,
  scaffoldRule,
} from "../catalog/index.ts";
export type { Coverage, CoverageCell, TestCoverage } from "./prove/coverage.ts";
export type { Proof as PackageProof } from "./prove/prove.ts";
