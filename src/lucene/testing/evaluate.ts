/**
 * A query run on single documents as Elasticsearch documents it, clause by clause as the Query DSL that it stands for; apart from the
 * engine. For tests; not exported from the room.
 */
import type { WildcardPart } from "../../eql/index.ts";
import { dslMatches, valuesOf } from "../../translate/testing/query-dsl.ts";
import type { LuceneName, LuceneNode, LuceneValue } from "../tree.ts";

export function evaluate(node: LuceneNode, document: object): boolean {
  switch (node.kind) {
    case "everything":
      return true;
    case "exists":
      return dslMatches({ exists: { field: fieldName(node.field) } }, document);
    case "group": {
      const held = (occur: string): boolean[] =>
        node.clauses.filter((clause) => clause.occur === occur).map((clause) => evaluate(clause.node, document));
      if (held("must_not").includes(true) || held("must").includes(false)) return false;
      return held("should").length === 0 || held("must").length > 0 || held("should").includes(true);
    }
    case "term":
      if (node.field !== null) return dslMatches(clause(fieldName(node.field), node.value), document);
      return [...valuesOf(document).values()].flat().some((value) => dslMatches(clause("x", node.value), { x: String(value) }));
  }
}

function fieldName({ parts }: LuceneName): string {
  return parts.map((part) => (part.kind === "literal" ? part.text : "*")).join("");
}

function clause(field: string, value: LuceneValue): object {
  switch (value.kind) {
    case "regex":
      return { regexp: { [field]: value.source } };
    case "range":
      return {
        range: {
          [field]: {
            ...(value.from === null ? {} : { [value.from.inclusive ? "gte" : "gt"]: value.from.text }),
            ...(value.to === null ? {} : { [value.to.inclusive ? "lte" : "lt"]: value.to.text }),
          },
        },
      };
    case "literal":
      return value.parts.every((part) => part.kind === "literal")
        ? {
            term: {
              [field]: value.parts
                .map(pattern)
                .join("")
                .replaceAll(/\\([*?\\])/g, "$1"),
            },
          }
        : { wildcard: { [field]: value.parts.map(pattern).join("") } };
  }
}

function pattern(part: WildcardPart): string {
  return part.kind === "literal" ? part.text.replaceAll(/[*?\\]/g, String.raw`\$&`) : part.kind === "any" ? "*" : "?";
}
