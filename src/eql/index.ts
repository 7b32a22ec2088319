export { parse, parseExpression, type ParseOptions } from "./parse.ts";
export { print, printExpr, unprintable, UnprintableError } from "./print.ts";
export { renderDiagnostics, type RenderOptions } from "./render.ts";
export { fieldsOf, walk } from "./walk.ts";
export { tokenize, KEYWORDS, type Token, type TokenKind } from "./tokens.ts";
export {
  search,
  toResponse,
  type EqlResponse,
  type FoundSequence,
  type MissingHit,
  type SearchOptions,
  type SearchResult,
} from "./search.ts";
export { stream, type EventStream, type StreamCounts, type StreamOptions, type StreamState } from "./stream.ts";
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
} from "./run.ts";
export {
  SequenceMachine,
  SEQUENCE_LIMITS,
  type SequenceCounts,
  type SequenceLimits,
  type SequenceMatch,
  type SequencePlan,
  type SequenceState,
} from "./sequence.ts";
export { readInstant, printInstant, type Instant } from "./ordinal.ts";
export { DISTINCT_COUNT, distinctPlan, type DistinctPlan } from "./distinct.ts";
export { isPipeName, limitOf, runPipes, type Piped } from "./pipes.ts";
export { parseWildcard, wildcardText } from "./wildcard.ts";
export { compileCondition, compileExpr, compileFilter, lowerOptions, type CompileOptions, type EventTest } from "./compile.ts";
export { fieldAccess, type EventDocument, type FieldAccess, type FieldAccessOptions, type FieldValue, type Scalar } from "./fields.ts";
export {
  lowerFilter,
  type Condition,
  type EventPredicate,
  type ExistsPredicate,
  type FieldPredicate,
  type Forms,
  type LowerOptions,
  type Predicate,
} from "./lower.ts";
export { prepareWildcard, type WildcardTest } from "./match-wildcard.ts";
export { foldedOf } from "./folded.ts";
export { plainText, type FaultCode, type Value } from "./values.ts";
export type { EventFilter, Expr, Query } from "./tree.ts";
export type { Diagnostic, Label } from "./diagnostic.ts";
export type { Loss, LossEffect } from "./loss.ts";
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
} from "./tree.ts";
export { check, checkCondition, type CheckOptions } from "./check.ts";
export { CODES, isDiagnosticCode, type CodeEntry, type DiagnosticCode } from "./codes.ts";
export { openSchema, schemaFromMapping, schemaFromTypes, schemaOf, type MappingSchema, type Schema, type SchemaField } from "./schema.ts";
export { FUNCTIONS, findFunction, type FunctionName } from "./functions/index.ts";
export { signature } from "./functions/function.ts";
export type { EqlFunction } from "./functions/function.ts";
export { editDistance, similarNames } from "./similar.ts";
export type { Profile } from "./tree.ts";
