/**
 * Query DSL of Elasticsearch and OpenSearch, for one event at a time.
 *
 * The forms are those in which Elasticsearch itself runs EQL, so an exact translation is exact by construction: `must_not` also
 * matches where the field is missing, and a term passes where any value of an array does.
 */
import {
  fold,
  junction,
  literalText,
  NOWHERE,
  parseWildcard,
  turned,
  type CidrPredicate,
  type Condition,
  type EventQuery,
  type Folded,
  type Loss,
  type Predicate,
  type Query,
  type RegexPredicate,
  type TextPredicate,
  type Unsupported,
  type ValuePredicate,
} from "../../eql/index.ts";
import { fieldType } from "../field-type.ts";
import { conditionOf } from "../condition.ts";
import { jsonOf } from "../json-text.ts";
import { LossList } from "../loss-list.ts";
import { elasticWildcard, hasCaseBeyondAscii, isAnything } from "../patterns.ts";
import { luceneRegexOf } from "../regex/lucene.ts";
import type { DeployFile, RuleException, Translation, TranslationRequest } from "../translation.ts";
import { UNSUPPORTED } from "../unsupported.ts";

/** A clause, as JSON. */
export interface Clause {
  readonly [key: string]: unknown;
}

/** Longest regular expression an index takes (`index.max_regex_length`). */
const MAX_REGEX_LENGTH = 1000;
/** Most values of a `terms` (`index.max_terms_count`). */
const MAX_TERMS = 65_536;

/** The body of a search: the query, and of `head` and `tail` the order and how many. */
export function translateDsl(request: TranslationRequest, filesOf?: (query: Clause) => readonly DeployFile[]): Translation {
  const losses = new LossList();
  const { query } = request;
  if (query.kind !== "event") {
    losses.add(noSequences(query, "Query DSL tests one event at a time"));
    return { text: "", files: [], losses: losses.list };
  }
  const clause = whole(eventClause(query, request.fields, losses.add));
  if (clause === null) return { text: "", files: [], losses: losses.list };
  const body = { query: clause, ...pipes(query, losses.add) };
  return { text: `${jsonOf(body)}\n`, files: filesOf?.(clause) ?? [], losses: losses.list };
}

export function noSequences(query: Exclude<Query, EventQuery>, why: string): Loss {
  return {
    effect: "untranslatable",
    span: query.span,
    reason: `${why}: there is nothing like \`${query.kind}\``,
    advice: "In Elasticsearch run it as EQL (`_eql/search`, or the Kibana rule); elsewhere run it with Tocsin.",
  };
}

/** True where an exception holds; null where there is none. */
export function exceptionClause(exceptions: readonly RuleException[], fields: ReadonlyMap<string, string>): Clause | null {
  if (exceptions.length === 0) return null;
  const span = NOWHERE;
  const condition = junction(
    "or",
    exceptions.map(({ conditions }) =>
      junction(
        "and",
        conditions.map(({ field, values }): Condition => {
          const patterns = values.map((value) => ({ parts: parseWildcard(value), span }));
          return { kind: "predicate", predicate: { kind: "text", field, span, insensitive: true, compares: "text", patterns } };
        }),
      ),
    ),
  );
  return whole(fold(condition, { all, any, not, predicate: (test, positive) => clauseOf(test, fields, positive, () => {}) }, () => {}));
}

/** The condition, its category included, as one clause. */
export function eventClause(query: EventQuery, fields: ReadonlyMap<string, string>, reportLoss: (loss: Loss) => void): Folded<Clause> {
  return fold<Clause>(
    conditionOf(query.filter),
    { all, any, not, predicate: (test, positive) => clauseOf(test, fields, positive, reportLoss) },
    reportLoss,
  );
}

/** Null where nothing of it can be translated. */
export function whole(clause: Folded<Clause>): Clause | null {
  if (clause.kind === "lost") return null;
  if (clause.kind === "value") return clause.value;
  return clause.value ? { match_all: {} } : { match_none: {} };
}

function all(operands: readonly Clause[]): Clause {
  const filter = operands.filter((clause) => negated(clause) === null);
  const mustNot = operands.flatMap((clause) => negated(clause) ?? []);
  return { bool: { ...(filter.length === 0 ? {} : { filter }), ...(mustNot.length === 0 ? {} : { must_not: mustNot }) } };
}

function any(operands: readonly Clause[]): Clause {
  const clauses = merged(operands.flatMap((clause) => alternatives(clause) ?? [clause]));
  return clauses.length === 1 ? clauses[0]! : { bool: { should: clauses, minimum_should_match: 1 } };
}

/** Values of one field, each a `term`, become `terms`. */
function merged(clauses: readonly Clause[]): Clause[] {
  const out: Clause[] = [];
  const byField = new Map<string, unknown[]>();
  for (const clause of clauses) {
    const found = fieldValues(clause);
    const known = found === null ? undefined : byField.get(found.field);
    if (found !== null && known !== undefined && known.length + found.values.length <= MAX_TERMS) known.push(...found.values);
    else if (found === null) out.push(clause);
    else {
      const values = [...found.values];
      byField.set(found.field, values);
      out.push({ terms: { [found.field]: values } });
    }
  }
  return out.map((clause) => {
    const found = fieldValues(clause);
    return found?.values.length === 1 ? { term: { [found.field]: found.values[0] } } : clause;
  });
}

/** The field and values of a case-sensitive `term`, or of `terms`. */
function fieldValues(clause: Clause): { readonly field: string; readonly values: readonly unknown[] } | null {
  const body = (clause["term"] ?? clause["terms"]) as { readonly [field: string]: unknown } | undefined;
  if (body === undefined) return null;
  const [[field, value]] = Object.entries(body) as [[string, unknown]];
  if (Array.isArray(value)) return { field, values: value };
  return typeof value === "object" ? null : { field, values: [value] };
}

/** What a clause of nothing but `should` lists. */
function alternatives(clause: Clause): readonly Clause[] | null {
  const bool = clause["bool"] as { readonly should?: readonly Clause[] } | undefined;
  return bool?.should !== undefined && Object.keys(bool).length === 2 ? bool.should : null;
}

function not(operand: Clause): Clause {
  return { bool: { must_not: [operand] } };
}

/** What a clause of nothing but `must_not` denies. */
function negated(clause: Clause): readonly Clause[] | null {
  const bool = clause["bool"] as { readonly must_not?: readonly Clause[] } | undefined;
  return bool !== undefined && Object.keys(bool).length === 1 && bool.must_not?.length === 1 ? bool.must_not : null;
}

function clauseOf(
  test: Predicate,
  fields: ReadonlyMap<string, string>,
  positive: boolean,
  reportLoss: (loss: Loss) => void,
): Clause | Unsupported {
  const name = (field: string): string => fields.get(field) ?? field;
  switch (test.kind) {
    case "text":
      return textClause(test, name(test.field), positive, reportLoss);
    case "regex":
      return regexClause(test, name(test.field), positive, reportLoss);
    case "value":
      return valueClause(test, name(test.field));
    case "exists":
      return { exists: { field: name(test.field) } };
    case "cidr":
      return cidrClause(test, name(test.field), positive, reportLoss);
    case "any-field":
      return UNSUPPORTED.anyField;
    case "computed":
      return UNSUPPORTED.computed;
  }
}

function textClause(test: TextPredicate, name: string, positive: boolean, reportLoss: (loss: Loss) => void): Clause | Unsupported {
  const { kind, mapping } = fieldType(test.field);
  if (kind === "words") return UNSUPPORTED.analysedText(test.field);
  if (kind !== "text") return typedTexts(test, name, mapping);
  if (test.insensitive) asciiOnly(test, positive, reportLoss);
  const plain: string[] = [];
  const clauses: Clause[] = [];
  for (const { parts } of test.patterns) {
    const text = literalText(parts);
    if (text !== null && !test.insensitive) plain.push(text);
    else if (text !== null) clauses.push({ term: { [name]: { value: text, case_insensitive: true } } });
    else if (isAnything(parts)) clauses.push({ exists: { field: name } });
    else
      clauses.push({
        wildcard: { [name]: { value: elasticWildcard(parts), ...(test.insensitive ? { case_insensitive: true } : {}) } },
      });
  }
  if (plain.length === 1) clauses.unshift({ term: { [name]: plain[0]! } });
  else if (plain.length > 1)
    for (let at = plain.length; at > 0; at -= MAX_TERMS)
      clauses.unshift({ terms: { [name]: plain.slice(Math.max(0, at - MAX_TERMS), at) } });
  return any(clauses);
}

/** A number, address or truth value as text is still that value; a part of it is not. */
function typedTexts(test: TextPredicate, name: string, type: string): Clause | Unsupported {
  const plain = test.patterns.map(({ parts }) => literalText(parts));
  if (plain.includes(null)) return UNSUPPORTED.partOfValue(test.field, type);
  return plain.length === 1 ? { term: { [name]: plain[0]! } } : { terms: { [name]: plain } };
}

/** `case_insensitive` is limited to the letters of ASCII. */
function asciiOnly(test: TextPredicate | RegexPredicate, positive: boolean, reportLoss: (loss: Loss) => void): void {
  const texts =
    test.kind === "text"
      ? test.patterns.flatMap(({ parts }) => parts.map((part) => (part.kind === "literal" ? part.text : "")))
      : test.patterns.map((pattern) => pattern.source);
  if (!texts.some(hasCaseBeyondAscii)) return;
  reportLoss({
    effect: turned("narrower", positive),
    span: test.span,
    reason: "Case is ignored for the letters of ASCII only",
    advice: "List both cases of the other letters.",
  });
}

function regexClause(test: RegexPredicate, name: string, positive: boolean, reportLoss: (loss: Loss) => void): Clause | Unsupported {
  const { kind, mapping } = fieldType(test.field);
  if (kind === "words") return UNSUPPORTED.analysedText(test.field);
  if (kind !== "text") return UNSUPPORTED.regexOfType(test.field, mapping);
  const clauses: Clause[] = [];
  if (test.insensitive) asciiOnly(test, positive, reportLoss);
  for (const pattern of test.patterns) {
    const lucene = luceneRegexOf(pattern);
    if (lucene === null) return UNSUPPORTED.regexNotLucene;
    if (lucene.source.length > MAX_REGEX_LENGTH) return UNSUPPORTED.regexLength(lucene.source.length, MAX_REGEX_LENGTH);
    clauses.push({
      regexp: {
        [name]: { value: lucene.source, flags: "ALL", ...(test.insensitive || lucene.insensitive ? { case_insensitive: true } : {}) },
      },
    });
  }
  return clauses.length === 1 ? clauses[0]! : any(clauses);
}

const RANGE = { "<": "lt", "<=": "lte", ">": "gt", ">=": "gte" } as const;

function valueClause(test: ValuePredicate, name: string): Clause | Unsupported {
  const { op, value, field } = test;
  if (fieldType(field).kind === "words") return UNSUPPORTED.analysedText(field);
  if (op === "==") return { term: { [name]: jsonValue(value) } };
  if (typeof value === "boolean") return UNSUPPORTED.booleanOrder;
  return { range: { [name]: { [RANGE[op]]: jsonValue(value) } } };
}

/** JSON has no whole numbers beyond 2^53, and Elasticsearch reads a number out of a text. */
function jsonValue(value: ValuePredicate["value"]): string | number | boolean {
  return typeof value === "bigint" ? String(value) : value;
}

function cidrClause(test: CidrPredicate, name: string, positive: boolean, reportLoss: (loss: Loss) => void): Clause | Unsupported {
  const { known, mapping } = fieldType(test.field);
  if (known && mapping !== "ip") return UNSUPPORTED.rangeOfType(test.field, mapping);
  if (!known)
    reportLoss({
      effect: turned("narrower", positive),
      span: test.span,
      reason: `ECS does not know \`${test.field}\`: unless it is mapped as \`ip\`, no address range matches`,
      advice: "Map the field as `ip`.",
    });
  return { terms: { [name]: test.blocks } };
}

/** `| head 5` and `| tail 5` are an order and a number; nothing else is translated. */
function pipes(query: EventQuery, reportLoss: (loss: Loss) => void): Clause {
  const [first, ...rest] = query.pipes;
  if (first === undefined) return {};
  for (const pipe of rest)
    reportLoss({
      effect: "wider",
      span: pipe.span,
      reason: `A search has one order and one number: \`${pipe.name}\` is left out`,
      advice: null,
    });
  const size = first.args[0]?.kind === "number" ? Number(first.args[0].value) : null;
  if ((first.name !== "head" && first.name !== "tail") || size === null || size > 10_000) {
    reportLoss({ effect: "wider", span: first.span, reason: `Query DSL has no \`${first.name}\` like this: it is left out`, advice: null });
    return {};
  }
  return { size, sort: [{ "@timestamp": first.name === "head" ? "asc" : "desc" }] };
}
