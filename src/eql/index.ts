export { parse, parseExpression, type ParseOptions } from "./parse.ts";
export { tokenize, KEYWORDS, type Token, type TokenKind } from "./tokens.ts";
export { compileCondition, compileExpr, compileFilter, lowerOptions, type CompileOptions, type EventTest } from "./compile.ts";
export { fieldAccess, type EventDocument, type FieldAccess, type FieldAccessOptions, type FieldValue, type Scalar } from "./fields.ts";
export { lowerFilter, type Condition, type EventPredicate, type ExistsPredicate, type FieldPredicate, type Forms, type LowerOptions, type Predicate } from "./lower.ts";
export type { WildcardTest } from "./match-wildcard.ts";
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
