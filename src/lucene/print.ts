/** Tree -> text in its canonical layout: one line, a field before a group of its values, signs only where no operator says the same. */
import type { WildcardPart } from "../eql/index.ts";
import { escape, quote } from "./literal.ts";
import type { LuceneGroup, LuceneName, LuceneNode, LuceneRange, LuceneValue } from "./tree.ts";

export function printLucene(node: LuceneNode): string {
  return node.kind === "everything" ? "" : nodeText(node, null, true);
}

/** @param outer the field of the group around it, as it is written: it is not written again */
function nodeText(node: LuceneNode, outer: string | null, isWhole: boolean): string {
  switch (node.kind) {
    case "everything":
      return "*";
    case "exists":
      return `_exists_:${nameText(node.field)}`;
    case "term": {
      const name = node.field === null ? null : nameText(node.field);
      return name === null || name === outer ? valueText(node.value) : `${name}:${valueText(node.value)}`;
    }
    case "group": {
      const name = outer ?? (node.clauses.length > 1 ? fieldOf(node) : null);
      const text = clausesText(node, name);
      if (name !== outer) return `${name}:(${text})`;
      return isWhole ? text : `(${text})`;
    }
  }
}

/** The field, as it is written, that all values of a node have. */
function fieldOf(node: LuceneNode): string | null {
  if (node.kind === "term") return node.field === null ? null : nameText(node.field);
  if (node.kind !== "group") return null;
  const [first, ...rest] = node.clauses.map((clause) => fieldOf(clause.node));
  return first !== undefined && rest.every((name) => name === first) ? first : null;
}

function clausesText({ clauses }: LuceneGroup, outer: string | null): string {
  const texts = clauses.map(({ node }) => nodeText(node, outer, false));
  const has = (occur: string): boolean => clauses.some((clause) => clause.occur === occur);
  if (!has("should")) return clauses.map(({ occur }, at) => `${occur === "must_not" ? "NOT " : ""}${texts[at]!}`).join(" AND ");
  if (!has("must") && !has("must_not")) return texts.join(" OR ");
  const signs = { must: "+", must_not: "-", should: "" } as const;
  // Words side by side would be one value.
  return clauses.map(({ occur }, at) => `${at > 0 && occur === "should" ? "OR " : ""}${signs[occur]}${texts[at]!}`).join(" ");
}

const KEYWORD = /^(?:AND|OR|NOT)$/;

function nameText({ parts }: LuceneName): string {
  const text = parts.map((part) => (part.kind === "literal" ? escape(part.text) : String.raw`\*`)).join("");
  return KEYWORD.test(text) ? `\\${text}` : text;
}

function valueText(value: LuceneValue): string {
  switch (value.kind) {
    case "regex":
      return `/${value.source}/`;
    case "range":
      return rangeText(value);
    case "literal": {
      if (value.form === "quoted") return quote(value.parts.map(plainText).join(""));
      const text = value.parts.map((part) => (part.kind === "literal" ? escape(part.text) : plainText(part))).join("");
      return KEYWORD.test(text) ? `\\${text}` : text;
    }
  }
}

function plainText(part: WildcardPart): string {
  return part.kind === "literal" ? part.text : part.kind === "any" ? "*" : "?";
}

function rangeText({ from, to }: LuceneRange): string {
  const only = from === null ? to : to === null ? from : null;
  if (only !== null && /^[^=]/.test(only.text)) return `${from === null ? "<" : ">"}${only.inclusive ? "=" : ""}${escape(only.text)}`;
  const bound = (text: string | undefined): string => (text === undefined ? "*" : /^[\w.:+-]+$/.test(text) ? text : quote(text));
  return `${from?.inclusive === false ? "{" : "["}${bound(from?.text)} TO ${bound(to?.text)}${to?.inclusive === false ? "}" : "]"}`;
}
