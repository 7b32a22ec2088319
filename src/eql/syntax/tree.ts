/**
 * The one tree of the house. EQL and Sigma both become it; the engine, the linter and every translator read it.
 *
 * The tree is plain data: discriminated unions, no methods, no parent links. Every node has a half-open `span` into the text
 * it came from. `parse(print(tree))` equals the tree, spans and comments aside.
 *
 * Some nodes mean things that EQL text cannot express (a literal `*` inside a wildcard, a search over every field, a regular expression of
 * another flavour). They come from Sigma; `print` refuses them with a diagnostic and `check` accepts them only where the tree's
 * profile does.
 */
import type { Span } from "../span.ts";
import type { Duration } from "../values/duration.ts";

/** What the checker accepts. `elasticsearch`: what Elasticsearch accepts. `tocsin`: that and our additions. */
export type Profile = "elasticsearch" | "tocsin";

// ---------------------------------------------------------------------------------------------- statements

/** A whole query, with its pipes and comments. */
export type Query = EventQuery | SequenceQuery | SampleQuery | JoinQuery;

interface QueryBase {
  readonly span: Span;
  readonly pipes: readonly Pipe[];
  /** All comments of the text in order, for the printer. */
  readonly comments: readonly QueryComment[];
}

export interface QueryComment {
  readonly span: Span;
  /** As written, with its delimiters. */
  readonly text: string;
}

/** `category where condition` */
export interface EventQuery extends QueryBase {
  readonly kind: "event";
  readonly filter: EventFilter;
}

/** `process where ...` or `any where ...`; also the inside of `[...]`. */
export interface EventFilter {
  readonly span: Span;
  /** null is `any`. */
  readonly category: Category | null;
  readonly condition: Expr;
}

export interface Category {
  readonly span: Span;
  readonly value: string;
  /** How it was written, so that it prints back. */
  readonly form: "identifier" | "quoted" | "raw";
}

/** `sequence by a, b with maxspan=1m [..] [..] until [..]` */
export interface SequenceQuery extends QueryBase {
  readonly kind: "sequence";
  readonly by: readonly FieldExpr[];
  readonly maxspan: Maxspan | null;
  readonly items: readonly SequenceItem[];
  readonly until: SequenceItem | null;
}

export interface Maxspan extends Duration {
  readonly span: Span;
}

/** One `[...]` of a sequence or a sample, or its `until`. */
export interface SequenceItem {
  readonly span: Span;
  /** `![...]`: no such event may occur. */
  readonly missing: boolean;
  readonly filter: EventFilter;
  readonly by: readonly FieldExpr[];
  /** `with runs=n`; 1 where it is not written (`runsSpan` is then null). */
  readonly runs: number;
  readonly runsSpan: Span | null;
}

/** `sample by a [..] [..]` */
export interface SampleQuery extends QueryBase {
  readonly kind: "sample";
  readonly by: readonly FieldExpr[];
  readonly items: readonly SequenceItem[];
}

/** `join ...` parses, so that it can be refused with a reason. */
export interface JoinQuery extends QueryBase {
  readonly kind: "join";
  readonly by: readonly FieldExpr[];
  readonly items: readonly SequenceItem[];
  readonly until: SequenceItem | null;
}

/** `| head 10` */
export interface Pipe {
  readonly span: Span;
  readonly name: string;
  readonly nameSpan: Span;
  readonly args: readonly Expr[];
}

// --------------------------------------------------------------------------------------------- expressions

/** An expression: what gives a value, a condition among them. */
export type Expr =
  | LiteralExpr
  | FieldExpr
  | CallExpr
  | NegateExpr
  | ArithmeticExpr
  | ComparisonExpr
  | InExpr
  | MatchExpr
  | NotExpr
  | LogicalExpr
  | AnyFieldExpr
  | LineageExpr;

/** A constant. */
export type LiteralExpr = StringExpr | NumberExpr | BooleanExpr | NullExpr;

/** A text, its escapes resolved. */
export interface StringExpr {
  readonly kind: "string";
  readonly span: Span;
  readonly value: string;
  /** `"..."` or `"""..."""` */
  readonly form: "quoted" | "raw";
}

/**
 * `integer` fits int32, `long` fits int64, `double` is everything else, also integers beyond int64 (as in Elasticsearch).
 * `value` is a bigint only for a `long` beyond ±(2^53 - 1).
 */
export interface NumberExpr {
  readonly kind: "number";
  readonly span: Span;
  readonly value: number | bigint;
  readonly type: "integer" | "long" | "double";
}

export interface BooleanExpr {
  readonly kind: "boolean";
  readonly span: Span;
  readonly value: boolean;
}

export interface NullExpr {
  readonly kind: "null";
  readonly span: Span;
}

/** `process.name`, `?process.name`, ``event.`sequence` ``, `` `a.b` `` */
export interface FieldExpr {
  readonly kind: "field";
  readonly span: Span;
  /** The dotted name, without back quotes: `event.sequence`. */
  readonly name: string;
  /** `?name` */
  readonly optional: boolean;
  /** `a[0]` parses and is refused by the check; null where there is none. */
  readonly index: number | null;
}

/** `endsWith~(a, b)`: `name` as written without the `~`; resolution is case-insensitive. */
export interface CallExpr {
  readonly kind: "call";
  readonly span: Span;
  readonly name: string;
  readonly nameSpan: Span;
  readonly insensitive: boolean;
  readonly args: readonly Expr[];
}

/** Unary `-x` and `+x`. */
export interface NegateExpr {
  readonly kind: "negate";
  readonly span: Span;
  readonly op: "-" | "+";
  readonly value: Expr;
}

export interface ArithmeticExpr {
  readonly kind: "arithmetic";
  readonly span: Span;
  readonly op: "+" | "-" | "*" | "/" | "%";
  readonly left: Expr;
  readonly right: Expr;
}

/** Two operands compared: `==`, `!=`, `<`, `<=`, `>`, `>=`. */
export interface ComparisonExpr {
  readonly kind: "comparison";
  readonly span: Span;
  readonly op: "==" | "!=" | "<" | "<=" | ">" | ">=";
  readonly left: Expr;
  readonly right: Expr;
}

/** `x in (..)`, `x in~ (..)`, `x not in (..)`. Wildcards in the list are ordinary characters. */
export interface InExpr {
  readonly kind: "in";
  readonly span: Span;
  readonly negated: boolean;
  readonly insensitive: boolean;
  readonly value: Expr;
  readonly list: readonly Expr[];
}

/** `x : (..)`, `x like ..`, `x like~ ..`, `x regex ..`, `x regex~ ..`: true when any pattern matches. */
export interface MatchExpr {
  readonly kind: "match";
  readonly span: Span;
  readonly op: ":" | "like" | "regex";
  /** Always true for `:`. */
  readonly insensitive: boolean;
  readonly value: Expr;
  readonly patterns: readonly Pattern[];
  /** Written with parentheses around the patterns. */
  readonly list: boolean;
}

/** `not` of a condition. */
export interface NotExpr {
  readonly kind: "not";
  readonly span: Span;
  readonly value: Expr;
}

/** Flat: `a and b and c` has three operands. A nested node of the same op stands for parentheses in the text. */
export interface LogicalExpr {
  readonly kind: "logical";
  readonly span: Span;
  readonly op: "and" | "or";
  readonly operands: readonly Expr[];
}

/** A search over every field of the event (Sigma's keywords, a value alone in KQL). Not expressible in EQL text. */
export interface AnyFieldExpr {
  readonly kind: "any-field";
  readonly span: Span;
  readonly insensitive: boolean;
  readonly patterns: readonly Pattern[];
  /** Only fields whose dotted name fits, with case; all of them where it is left out. */
  readonly names?: readonly WildcardPart[];
}

/** `child of [..]`, `descendant of [..]`, `event of [..]`: parses, refused by the check. */
export interface LineageExpr {
  readonly kind: "lineage";
  readonly span: Span;
  readonly relation: string;
  readonly filter: EventFilter;
}

// ------------------------------------------------------------------------------------------------ patterns

/** One pattern on the right of `:`, `like` or `regex`. */
export type Pattern = WildcardPattern | RegexPattern | LiteralPattern;

/**
 * A wildcard in parts, never a string, so that a literal `*` (which Sigma can express and EQL cannot) is not lost.
 * Adjacent literals are merged; `""` is an empty list of parts.
 */
export interface WildcardPattern {
  readonly kind: "wildcard";
  readonly span: Span;
  readonly parts: readonly WildcardPart[];
  readonly form: "quoted" | "raw";
}

/** A piece of a wildcard pattern. */
export type WildcardPart =
  | { readonly kind: "literal"; readonly text: string }
  /** `*`: zero or more characters, line breaks included. */
  | { readonly kind: "any" }
  /** `?`: exactly one character. */
  | { readonly kind: "one" };

/** A regular expression. */
export interface RegexPattern {
  readonly kind: "regex";
  readonly span: Span;
  readonly source: string;
  /** `lucene` is anchored to the whole value; `pcre` (Sigma's `re`) is found anywhere in it. */
  readonly flavour: "lucene" | "pcre";
  /** `pcre` only: letters out of `i`, `m`, `s`. */
  readonly flags: string;
  readonly form: "quoted" | "raw";
}

/** A number, boolean or null on the right of `:`; strings there are wildcards. */
export interface LiteralPattern {
  readonly kind: "value";
  readonly span: Span;
  readonly value: NumberExpr | BooleanExpr | NullExpr;
}
