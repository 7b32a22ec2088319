export { parse, parseExpression, type ParseOptions } from "./syntax/parse.ts";
export { describeExpr, describeFilter, print, printExpr, unprintable, UnprintableError } from "./syntax/print.ts";
export { textColumns } from "./diagnostics/text-columns.ts";
export { renderDiagnostics, type RenderOptions } from "./diagnostics/render.ts";
export { fieldsOf, walk } from "./syntax/walk.ts";
export { tokenClass, type TokenClass } from "./syntax/token-class.ts";
export { tokenize, KEYWORDS, type Token, type TokenKind } from "./syntax/tokens.ts";
export {
  inOrder,
  neededMatches,
  search,
  toResponse,
  type EqlResponse,
  type FoundSequence,
  type MissingHit,
  type SearchOptions,
  type SearchResult,
} from "./run/search.ts";
export { stream, type EventStream, type StreamCounts, type StreamOptions, type StreamState } from "./run/stream.ts";
export {
  accessOf,
  planSequence,
  runnerFor,
  sequenceFilters,
  type Losses,
  type Match,
  type Runner,
  type RunOptions,
  type SearchHit,
} from "./run/run.ts";
export {
  SequenceMachine,
  SEQUENCE_LIMITS,
  type SequenceCounts,
  type SequenceLimits,
  type SequenceMatch,
  type SequencePlan,
  type SequenceState,
} from "./sequence/machine.ts";
export { durationMillis, parseDuration, printDuration, UNIT_MILLIS, type Duration } from "./values/duration.ts";
export { inCidr, parseAddress, parseCidr, type Cidr } from "./values/cidr.ts";
export { parseDateMath, type DateRange } from "./values/dates.ts";
export { compareTimes, readInstant, printInstant, type Instant } from "./run/ordinal.ts";
export { DISTINCT_COUNT, distinctPlan, type DistinctPlan } from "./run/distinct.ts";
export { isPipeName, limitOf, runPipes, type Piped } from "./run/pipes.ts";
export { make } from "./syntax/make.ts";
export { literalText, mergedParts, parseWildcard, wildcardText } from "./syntax/wildcard.ts";
export { compileCondition, compileExpr, compileFilter, lowerOptions, type CompileOptions, type EventTest } from "./run/compile.ts";
export {
  fieldAccess,
  type EventDocument,
  type FieldAccess,
  type FieldAccessOptions,
  type FieldValue,
  type Scalar,
  someValue,
} from "./values/fields.ts";
export { lowerFilter, Lowering, type LowerOptions } from "./run/lower.ts";
export type { CompiledFieldPredicate, CompiledPredicate, Forms } from "./run/compiled-predicate.ts";
export { FALSE, TRUE, junction, negation, predicatesOf, replacePredicates, type Condition } from "./condition/condition.ts";
export { fold, isUnsupported, rewrite, type Folded, type Folder, type Unsupported } from "./condition/fold.ts";
export { identityOf } from "./condition/identity.ts";
export { normalise, normaliseExpr, type NormaliseOptions } from "./condition/normalise.ts";
export type {
  AnyFieldPredicate,
  CidrPredicate,
  ComputedPredicate,
  ExistsPredicate,
  FieldPredicate,
  Predicate,
  RegexPredicate,
  TextPattern,
  TextPredicate,
  ValuePredicate,
} from "./condition/predicate.ts";
export { prepareRegex, type PreparedRegex, type RegexProblem, type RegexTest } from "./regex/prepare.ts";
export { prepareWildcard, type WildcardTest } from "./values/match-wildcard.ts";
export { WildcardSearch } from "./values/wildcard-search.ts";
export { foldedOf } from "./values/folded.ts";
export type { Address } from "./values/cidr.ts";
export { plainText, type FaultCode, type Value } from "./values/values.ts";
export type { EventFilter, Expr, Query } from "./syntax/tree.ts";
export type { Diagnostic, Label } from "./diagnostics/diagnostic.ts";
export { placeText, type RuleProblem, type SourceLocation } from "./diagnostics/problem.ts";
export { DiagnosticList } from "./diagnostics/diagnostic-list.ts";
export { turned, type Loss, type LossEffect } from "./diagnostics/loss.ts";
export { NOWHERE, positionAt, type Position, type Span } from "./span.ts";
export type {
  AnyFieldExpr,
  CallExpr,
  ComparisonExpr,
  EventQuery,
  FieldExpr,
  InExpr,
  LiteralExpr,
  LogicalExpr,
  MatchExpr,
  NotExpr,
  NumberExpr,
  Pattern,
  RegexPattern,
  SequenceItem,
  SequenceQuery,
  StringExpr,
  WildcardPart,
  WildcardPattern,
} from "./syntax/tree.ts";
export { check, checkCondition, type CheckOptions } from "./check/check.ts";
export { similarFields } from "./check/similar-fields.ts";
export { CODES, isDiagnosticCode, type CodeEntry, type DiagnosticCode } from "./diagnostics/codes.ts";
export {
  openSchema,
  schemaFromMapping,
  schemaFromTypes,
  schemaOf,
  type MappingSchema,
  type Schema,
  type SchemaField,
} from "./check/schema.ts";
export { FUNCTIONS, findFunction } from "./functions/index.ts";
export { signature } from "./functions/function.ts";
export type { EqlFunction } from "./functions/function.ts";
export { editDistance, meant, similarNames, suggestion } from "./diagnostics/similar.ts";
export type { Profile } from "./syntax/tree.ts";
