/**
 * A query of Kibana's language (KQL) as plain data. Every node has a half-open span into the text it came from;
 * `parse(print(tree))` equals the tree, spans aside.
 */
import type { Span, WildcardPart } from "../eql/index.ts";

export type KqlNode = KqlEverything | KqlJunction<KqlNode> | KqlNegation<KqlNode> | KqlMatch | KqlRange | KqlNested;

/** An empty query: every document. */
export interface KqlEverything {
  readonly kind: "everything";
  readonly span: Span;
}

/** Flat: `a and b and c` has three operands. A nested node of the same kind stands for parentheses in the text. */
export interface KqlJunction<Operand> {
  readonly kind: "and" | "or";
  readonly span: Span;
  readonly operands: readonly Operand[];
}

export interface KqlNegation<Operand> {
  readonly kind: "not";
  readonly span: Span;
  readonly operand: Operand;
}

/** `field:values`; without a field a value is looked for in all of them. */
export interface KqlMatch {
  readonly kind: "match";
  readonly span: Span;
  readonly field: KqlLiteral | null;
  readonly values: KqlValues;
}

/** What stands behind `:`: one value, or values joined in parentheses, which distribute over the field. */
export type KqlValues = KqlLiteral | KqlJunction<KqlValues> | KqlNegation<KqlValues>;

/** `field >= value` */
export interface KqlRange {
  readonly kind: "range";
  readonly span: Span;
  readonly field: KqlLiteral;
  readonly op: "<" | "<=" | ">" | ">=";
  readonly value: KqlLiteral;
}

/** `field:{ query }`: one object of an array of nested objects satisfies the whole query. */
export interface KqlNested {
  readonly kind: "nested";
  readonly span: Span;
  readonly field: KqlLiteral;
  readonly query: KqlNode;
}

/** A field's name or a value. Only an unquoted one has wildcards. */
export interface KqlLiteral {
  readonly kind: "literal";
  readonly span: Span;
  readonly form: "quoted" | "unquoted";
  /** Escapes resolved, adjacent literals merged; `""` is an empty list. Of this language it never holds `one`: `?` is itself. */
  readonly parts: readonly WildcardPart[];
}

/** The text of a literal without wildcards; null where it has some. */
export function literalText({ parts }: KqlLiteral): string | null {
  if (parts.length === 0) return "";
  const [only] = parts;
  return parts.length === 1 && only!.kind === "literal" ? only!.text : null;
}

/** `*` alone. */
export function isStar({ parts }: KqlLiteral): boolean {
  return parts.length === 1 && parts[0]!.kind === "any";
}
