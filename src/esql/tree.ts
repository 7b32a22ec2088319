/** A query of ES|QL as plain data. Every node has a half-open span into the text it came from. */
import type { Span } from "../eql/index.ts";

export interface EsqlQuery {
  readonly span: Span;
  readonly source: FromCommand | RowCommand;
  readonly commands: readonly EsqlCommand[];
}

export interface FromCommand {
  readonly kind: "from";
  readonly span: Span;
  /** Index patterns, as they are written; here all events are the source. */
  readonly patterns: readonly string[];
  /** `_id`, `_index`, ... */
  readonly metadata: readonly string[];
}

export interface RowCommand {
  readonly kind: "row";
  readonly span: Span;
  readonly fields: readonly Assignment[];
}

export type EsqlCommand =
  | WhereCommand
  | EvalCommand
  | StatsCommand
  | NamesCommand
  | RenameCommand
  | SortCommand
  | LimitCommand
  | ExpandCommand
  | GrokCommand
  | DissectCommand;

export interface WhereCommand {
  readonly kind: "where";
  readonly span: Span;
  readonly condition: EsqlExpr;
}

export interface EvalCommand {
  readonly kind: "eval";
  readonly span: Span;
  readonly fields: readonly Assignment[];
}

/** `stats a = count(*) where x, ... by b, ...`; `inline`: every row is kept and gets the aggregates of its group. */
export interface StatsCommand {
  readonly kind: "stats";
  readonly span: Span;
  readonly inline: boolean;
  readonly aggregates: readonly Aggregate[];
  readonly by: readonly Assignment[];
}

export interface Aggregate extends Assignment {
  /** Only rows that satisfy it are looked at; null: all. */
  readonly where: EsqlExpr | null;
}

/** `name = expression`; without a name the expression's text is one. */
export interface Assignment {
  readonly span: Span;
  readonly name: string;
  readonly value: EsqlExpr;
}

/** `keep` and `drop` of names and patterns of names. */
export interface NamesCommand {
  readonly kind: "keep" | "drop";
  readonly span: Span;
  readonly names: readonly NamePattern[];
}

export interface NamePattern {
  readonly span: Span;
  /** `*` stands for any characters. */
  readonly text: string;
}

export interface RenameCommand {
  readonly kind: "rename";
  readonly span: Span;
  readonly pairs: readonly { readonly from: string; readonly to: string; readonly span: Span }[];
}

export interface SortCommand {
  readonly kind: "sort";
  readonly span: Span;
  readonly keys: readonly { readonly value: EsqlExpr; readonly descending: boolean; readonly nullsFirst: boolean }[];
}

export interface LimitCommand {
  readonly kind: "limit";
  readonly span: Span;
  readonly count: number;
}

export interface ExpandCommand {
  readonly kind: "mv_expand";
  readonly span: Span;
  readonly name: string;
}

export interface GrokCommand {
  readonly kind: "grok";
  readonly span: Span;
  readonly value: EsqlExpr;
  readonly patterns: readonly { readonly text: string; readonly span: Span }[];
}

export interface DissectCommand {
  readonly kind: "dissect";
  readonly span: Span;
  readonly value: EsqlExpr;
  readonly pattern: string;
  readonly patternSpan: Span;
  /** Between values that are appended to one another. */
  readonly separator: string;
}

// --------------------------------------------------------------------------------------------- expressions

export type EsqlExpr =
  | LiteralExpr
  | TimespanExpr
  | NameExpr
  | StarExpr
  | CallExpr
  | UnaryExpr
  | BinaryExpr
  | InExpr
  | LikeExpr
  | NullTestExpr
  | MatchExpr;

export interface LiteralExpr {
  readonly kind: "literal";
  readonly span: Span;
  /** A list is written in brackets. */
  readonly value: string | number | bigint | boolean | null | readonly (string | number | bigint | boolean)[];
  /** A number with a point or an exponent. */
  readonly decimal: boolean;
}

/** `5 minutes`, `1 month` */
export interface TimespanExpr {
  readonly kind: "timespan";
  readonly span: Span;
  readonly months: number;
  readonly ms: number;
}

export interface NameExpr {
  readonly kind: "name";
  readonly span: Span;
  readonly name: string;
}

/** The argument of `count(*)`. */
export interface StarExpr {
  readonly kind: "star";
  readonly span: Span;
}

export interface CallExpr {
  readonly kind: "call";
  readonly span: Span;
  /** In lower case. */
  readonly name: string;
  readonly nameSpan: Span;
  readonly args: readonly EsqlExpr[];
}

export interface UnaryExpr {
  readonly kind: "unary";
  readonly span: Span;
  readonly op: "-" | "not";
  readonly value: EsqlExpr;
}

export interface BinaryExpr {
  readonly kind: "binary";
  readonly span: Span;
  readonly op: "and" | "or" | "==" | "!=" | "=~" | "<" | "<=" | ">" | ">=" | "+" | "-" | "*" | "/" | "%";
  readonly left: EsqlExpr;
  readonly right: EsqlExpr;
}

export interface InExpr {
  readonly kind: "in";
  readonly span: Span;
  readonly value: EsqlExpr;
  readonly list: readonly EsqlExpr[];
}

/** `like` with `*` and `?`, `rlike` with a regular expression anchored to the whole value; any pattern is enough. */
export interface LikeExpr {
  readonly kind: "like" | "rlike";
  readonly span: Span;
  readonly value: EsqlExpr;
  readonly patterns: readonly { readonly text: string; readonly span: Span }[];
}

export interface NullTestExpr {
  readonly kind: "is-null";
  readonly span: Span;
  readonly value: EsqlExpr;
  readonly negated: boolean;
}

/** `field : "words"` */
export interface MatchExpr {
  readonly kind: "match";
  readonly span: Span;
  readonly field: NameExpr;
  readonly text: string;
}
