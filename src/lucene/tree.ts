/**
 * A query of Lucene's query syntax as plain data. Every node has a half-open span into the text it came from;
 * `parse(print(tree))` equals the tree, spans aside.
 */
import type { Span, WildcardPart } from "../eql/index.ts";
import type { KqlLiteral } from "../kql/index.ts";

export type LuceneNode = LuceneEverything | LuceneGroup | LuceneTerm | LuceneExists;

/** An empty query: every document. */
export interface LuceneEverything {
  readonly kind: "everything";
  readonly span: Span;
}

/**
 * What stands side by side in the query or in one pair of parentheses. The syntax has no precedence: each operator only marks the clauses
 * beside it, so a group is a list of clauses with their marks. A group of one clause is one that is excluded.
 */
export interface LuceneGroup {
  readonly kind: "group";
  readonly span: Span;
  readonly clauses: readonly LuceneClause[];
}

export interface LuceneClause {
  /** `must`: all of these; `must_not`: none of these; `should`: one of these where nothing must be, otherwise of no effect. */
  readonly occur: "must" | "should" | "must_not";
  readonly span: Span;
  readonly node: LuceneNode;
}

/** `field:value`; without a field a value is looked for in all of them. Of `field:(a OR b)` each value has the field. */
export interface LuceneTerm {
  readonly kind: "term";
  readonly span: Span;
  readonly field: LuceneName | null;
  readonly value: LuceneValue;
}

/** `_exists_:field`, and `field:*`. */
export interface LuceneExists {
  readonly kind: "exists";
  readonly span: Span;
  readonly field: LuceneName;
}

/** A field's name; `*`, in the text with a backslash, stands for any characters of it. */
export interface LuceneName {
  readonly span: Span;
  readonly parts: readonly WildcardPart[];
}

export type LuceneValue = LuceneLiteral | LuceneRegex | LuceneRange;

/** A text, escapes resolved; only an unquoted one has wildcards, `*` and `?`. */
export type LuceneLiteral = KqlLiteral;

/** `/source/`, tied to the whole value. */
export interface LuceneRegex {
  readonly kind: "regex";
  readonly span: Span;
  /** As it stands between the slashes. */
  readonly source: string;
}

/** `[from TO to]`, `{from TO to}`, and the comparisons `>=from`, `<to`: at least one bound. */
export interface LuceneRange {
  readonly kind: "range";
  readonly span: Span;
  readonly from: LuceneBound | null;
  readonly to: LuceneBound | null;
}

export interface LuceneBound {
  readonly span: Span;
  /** Not empty. */
  readonly text: string;
  readonly inclusive: boolean;
}
