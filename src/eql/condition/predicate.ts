/**
 * Predicates as data: what is asked of one event, once `normalise` has taken a condition apart.
 *
 * As in Elasticsearch a predicate is two-valued: over a missing field it is false, and `not` turns that into true. An array passes
 * when one of its values does. `!=`, `not in` and `== null` are `not` around a predicate, so there is no negative one.
 */
import type { Span } from "../span.ts";
import type { CallExpr, Expr, Pattern, RegexPattern, WildcardPart } from "../syntax/tree.ts";

/** What is asked of an event: of one field except for the last two kinds. */
export type Predicate =
  | TextPredicate
  | RegexPredicate
  | ValuePredicate
  | ExistsPredicate
  | CidrPredicate
  | AnyFieldPredicate
  | ComputedPredicate;

/** A predicate of one field. */
export type FieldPredicate = Exclude<Predicate, AnyFieldPredicate | ComputedPredicate>;

/** The field's text is one of the patterns, whole. A pattern without `any` and `one` is plain equality. */
export interface TextPredicate {
  readonly kind: "text";
  readonly field: string;
  readonly span: Span;
  readonly insensitive: boolean;
  /**
   * What of the field is compared. `type` (`==`, `in`): the value as the field's type reads it, so that an address equals its other
   * spellings. `text` (`:`, `like`, `in~`): the value as text, the digits of a number too. `string` (`startsWith` and its like):
   * texts, and nothing that is not one.
   */
  readonly compares: "type" | "text" | "string";
  /** At least one. */
  readonly patterns: readonly TextPattern[];
}

/** A text, with the wildcards in it. */
export interface TextPattern {
  readonly parts: readonly WildcardPart[];
  readonly span: Span;
}

/** The field's text matches one of the regular expressions. */
export interface RegexPredicate {
  readonly kind: "regex";
  readonly field: string;
  readonly span: Span;
  readonly insensitive: boolean;
  /** At least one. */
  readonly patterns: readonly RegexPattern[];
}

/**
 * The field's value against a number, a truth value, or (ordered) a text. Equality with a text is a `TextPredicate`. What the
 * field's type makes of the value (an address, a date, a version) is the reader's business: `value` is as written.
 */
export interface ValuePredicate {
  readonly kind: "value";
  readonly field: string;
  readonly span: Span;
  readonly op: "==" | "<" | "<=" | ">" | ">=";
  readonly value: string | number | bigint | boolean;
  /** Of the value alone. */
  readonly valueSpan: Span;
}

/** The field has a value. */
export interface ExistsPredicate {
  readonly kind: "exists";
  readonly field: string;
  readonly span: Span;
}

/** The field's address is in one of the blocks. */
export interface CidrPredicate {
  readonly kind: "cidr";
  readonly field: string;
  readonly span: Span;
  readonly blocks: readonly string[];
  /** As written. */
  readonly call: CallExpr;
}

/** Some field passes (Sigma's keywords, a value alone in KQL). */
export interface AnyFieldPredicate {
  readonly kind: "any-field";
  readonly span: Span;
  /** Which fields: those whose dotted name fits, with case; null: all of them. */
  readonly names: readonly WildcardPart[] | null;
  readonly insensitive: boolean;
  readonly patterns: readonly Pattern[];
}

/** Anything else: two fields compared, functions, arithmetic. True where the expression is; missing fields are null in it. */
export interface ComputedPredicate {
  readonly kind: "computed";
  readonly span: Span;
  readonly expr: Expr;
}
