/**
 * A query run on single documents as the Query DSL that Kibana makes of it, clause by clause, written from its documentation; apart from
 * the engine and the translator. For tests; not exported from the room.
 */
import { dslMatches } from "../../translate/testing/query-dsl.ts";
import { isStar, literalText, type KqlLiteral, type KqlNode, type KqlValues } from "../tree.ts";

export function evaluate(node: KqlNode, document: object): boolean {
  return dslMatches(clause(node), document);
}

const should = (clauses: readonly object[]): object => ({ bool: { should: clauses, minimum_should_match: 1 } });

function clause(node: KqlNode): object {
  switch (node.kind) {
    case "everything":
      return { match_all: {} };
    case "and":
      return { bool: { filter: node.operands.map(clause) } };
    case "or":
      return should(node.operands.map(clause));
    case "not":
      return { bool: { must_not: [clause(node.operand)] } };
    case "match": {
      if (node.field === null) throw new Error("a value without a field");
      return values(literalText(node.field)!, node.values);
    }
    case "range":
      return { range: { [literalText(node.field)!]: { [RANGE[node.op]]: literalText(node.value)! } } };
    case "nested":
      throw new Error("nested");
  }
}

const RANGE = { "<": "lt", "<=": "lte", ">": "gt", ">=": "gte" } as const;

function values(field: string, of: KqlValues): object {
  switch (of.kind) {
    case "and":
      return { bool: { filter: of.operands.map((operand) => values(field, operand)) } };
    case "or":
      return should(of.operands.map((operand) => values(field, operand)));
    case "not":
      return { bool: { must_not: [values(field, of.operand)] } };
    case "literal":
      return value(field, of);
  }
}

function value(field: string, literal: KqlLiteral): object {
  if (isStar(literal)) return { exists: { field } };
  const text = literalText(literal);
  if (text !== null) return { term: { [field]: text } };
  const pattern = literal.parts.map((part) => (part.kind === "literal" ? part.text.replaceAll(/[*?\\]/g, String.raw`\$&`) : "*"));
  return { wildcard: { [field]: pattern.join("") } };
}
