/**
 * Conditions of ES|QL. Its comparisons are null where the field is missing or holds several values, and `NOT` of null is null: so each
 * test has its own negation, in which a missing field is named. Fields of several values are tested by the search functions where
 * these are allowed (`WHERE` right after `FROM`), else by `MV_CONTAINS`.
 */
import {
  fold,
  isUnsupported,
  literalText,
  turned,
  type CidrPredicate,
  type Condition,
  type Folded,
  type Loss,
  type Predicate,
  type RegexPredicate,
  type TextPredicate,
  type Unsupported,
  type ValuePredicate,
} from "../../../eql/index.ts";
import { esqlField, esqlString } from "./esql-text.ts";
import { fieldType } from "../../field-type.ts";
import { indented, type Fragment } from "../../infix.ts";
import { isPlainText } from "../../plain-text.ts";
import { luceneTest } from "../../languages/query-string.ts";
import { elasticWildcard, hasCaseBeyondAscii, isAnything } from "../../patterns.ts";
import { anyCase, luceneRegexOf } from "../../regex/lucene.ts";
import { UNSUPPORTED } from "../../unsupported.ts";

/** A condition and its negation. */
export interface EsqlCondition {
  readonly yes: Fragment;
  readonly no: Fragment;
}

export interface ConditionOptions {
  readonly fields: ReadonlyMap<string, string>;
  /** Fields that may be unknown to every index: an operator that names one would fail the query, a search function does not. */
  readonly optional: ReadonlySet<string>;
  /** Search functions may be used. */
  readonly search: boolean;
  readonly reportLoss: (loss: Loss) => void;
}

export function condition(condition: Condition, options: ConditionOptions): Folded<EsqlCondition> {
  return fold<EsqlCondition>(
    condition,
    {
      all: (operands) => ({ yes: group(operands, "yes", "and"), no: group(operands, "no", "or") }),
      any: (operands) => ({ yes: group(operands, "yes", "or"), no: group(operands, "no", "and") }),
      not: ({ yes, no }) => ({ yes: no, no: yes }),
      predicate: (test, positive) => tested(test, positive, options),
    },
    options.reportLoss,
  );
}

const WIDTH = 110;

function group(operands: readonly EsqlCondition[], side: "yes" | "no", level: "and" | "or"): Fragment {
  const parts = operands.map((operand) => within(operand[side], level));
  const word = level.toUpperCase();
  const line = parts.join(` ${word} `);
  return { text: line.length > WIDTH || line.includes("\n") ? parts.join(`\n${word} `) : line, level };
}

function within({ text, level }: Fragment, outer: "and" | "or"): string {
  if (level === "atom" || level === outer) return text;
  return text.includes("\n") ? `(\n${indented(text, "  ")}\n)` : `(${text})`;
}

const atom = (text: string): Fragment => ({ text, level: "atom" });

/** A test that yields true or false, never null, so `NOT` is its negation. */
function neverNull(text: string): EsqlCondition {
  return { yes: atom(text), no: atom(`NOT ${text}`) };
}

/** Tests any of which is enough; null where the field is missing. */
function ofField(field: string, alternatives: readonly string[]): EsqlCondition {
  const yes: Fragment = alternatives.length === 1 ? atom(alternatives[0]!) : { text: alternatives.join(" OR "), level: "or" };
  const broken = yes.text.length > WIDTH && alternatives.length > 1 ? { ...yes, text: alternatives.join("\nOR ") } : yes;
  const negation = alternatives.length === 1 ? `NOT ${alternatives[0]!}` : `NOT ${within(broken, "and")}`;
  return { yes: broken, no: { text: `${field} IS NULL OR ${negation}`, level: "or" } };
}

function tested(test: Predicate, positive: boolean, options: ConditionOptions): EsqlCondition | Unsupported {
  if (test.kind === "computed") return UNSUPPORTED.computed;
  if (test.kind === "any-field") return searched(test, positive, options);
  if (!isPlainText(test.field)) return UNSUPPORTED.fieldName(test.field);
  const { kind, several } = fieldType(test.field);
  if (kind === "words" && test.kind !== "exists") return UNSUPPORTED.analysedText(test.field);
  if (options.search && options.optional.has(test.field)) return searched(test, positive, options);
  const field = esqlField(options.fields.get(test.field) ?? test.field);
  if (test.kind === "exists") return { yes: atom(`${field} IS NOT NULL`), no: atom(`${field} IS NULL`) };
  if (several) return options.search ? searchedField(test, field, positive, options) : contained(test, field);
  switch (test.kind) {
    case "text":
      return texts(test, field);
    case "regex":
      return regexes(test, field, positive, options.reportLoss);
    case "value":
      return values(test, field);
    case "cidr":
      return blocks(test, field, positive, options.reportLoss);
  }
}

/** A query string of Lucene, which knows missing fields and several values. */
function searched(test: Predicate, positive: boolean, options: ConditionOptions): EsqlCondition | Unsupported {
  if (!options.search) return UNSUPPORTED.anyFieldInSequence;
  const text = luceneTest(test, options.fields, positive, options.reportLoss);
  return isUnsupported(text) ? text : neverNull(`QSTR(${esqlString(text)})`);
}

/** `field : "value"` is a search for a whole keyword among the field's values. */
function searchedField(
  test: TextPredicate | RegexPredicate | ValuePredicate | CidrPredicate,
  field: string,
  positive: boolean,
  options: ConditionOptions,
): EsqlCondition | Unsupported {
  if (test.kind === "text" && !test.insensitive) {
    const plain = test.patterns.map(({ parts }) => literalText(parts));
    if (plain.every((text) => text !== null && text !== ""))
      return alternativesNeverNull(plain.map((text) => `${field} : ${esqlString(text!)}`));
  }
  return searched(test, positive, options);
}

function alternativesNeverNull(alternatives: readonly string[]): EsqlCondition {
  if (alternatives.length === 1) return neverNull(alternatives[0]!);
  const yes: Fragment = { text: alternatives.join(" OR "), level: "or" };
  return { yes, no: { text: alternatives.map((one) => `NOT ${one}`).join(" AND "), level: "and" } };
}

/** Where no search is possible: whole values only. */
function contained(test: TextPredicate | RegexPredicate | ValuePredicate | CidrPredicate, field: string): EsqlCondition | Unsupported {
  const unsupported = UNSUPPORTED.partOfSeveral(test.field);
  if (test.kind === "value") return test.op === "==" ? neverNull(`MV_CONTAINS(${field}, ${literal(test.value)})`) : unsupported;
  if (test.kind !== "text") return unsupported;
  const plain = test.patterns.map(({ parts }) => literalText(parts));
  if (plain.includes(null)) return unsupported;
  return alternativesNeverNull(
    plain.map((text) =>
      test.insensitive
        ? `MV_CONTAINS(TO_LOWER(${field}), ${esqlString(text!.toLowerCase())})`
        : `MV_CONTAINS(${field}, ${esqlString(text!)})`,
    ),
  );
}

function texts(test: TextPredicate, field: string): EsqlCondition | Unsupported {
  const { kind, mapping } = fieldType(test.field);
  if (kind !== "text") return typedTexts(test, field, mapping);
  const subject = test.insensitive ? `TO_LOWER(${field})` : field;
  const cased = (text: string): string => (test.insensitive ? text.toLowerCase() : text);
  const plain: string[] = [];
  const alternatives: string[] = [];
  for (const { parts } of test.patterns) {
    const text = literalText(parts);
    if (text !== null) plain.push(cased(text));
    else if (isAnything(parts)) return { yes: atom(`${field} IS NOT NULL`), no: atom(`${field} IS NULL`) };
    else alternatives.push(`${subject} LIKE ${esqlString(cased(elasticWildcard(parts)))}`);
  }
  if (plain.length === 1) alternatives.unshift(`${subject} == ${esqlString(plain[0]!)}`);
  else if (plain.length > 1) alternatives.unshift(`${subject} IN (${plain.map(esqlString).join(", ")})`);
  return ofField(field, alternatives);
}

/** ES|QL compares values of one type. */
function typedTexts(test: TextPredicate, field: string, type: string): EsqlCondition | Unsupported {
  const plain = test.patterns.map(({ parts }) => literalText(parts));
  const values = plain.flatMap((text) => (text === null ? [] : (typed(text, type) ?? [])));
  if (values.length < plain.length) return UNSUPPORTED.partOfValue(test.field, type);
  return ofField(field, [values.length === 1 ? `${field} == ${values[0]!}` : `${field} IN (${values.join(", ")})`]);
}

function typed(text: string, type: string): string | null {
  switch (type) {
    case "ip":
      return `TO_IP(${esqlString(text)})`;
    case "boolean":
      return text === "true" || text === "false" ? text : null;
    case "date":
      return `TO_DATETIME(${esqlString(text)})`;
    case "version":
      return `TO_VERSION(${esqlString(text)})`;
    default:
      return /^-?\d+(\.\d+)?$/.test(text) ? text : null;
  }
}

function regexes(test: RegexPredicate, field: string, positive: boolean, reportLoss: (loss: Loss) => void): EsqlCondition | Unsupported {
  const { kind, mapping } = fieldType(test.field);
  if (kind !== "text") return UNSUPPORTED.regexOfType(test.field, mapping);
  const alternatives: string[] = [];
  for (const pattern of test.patterns) {
    const found = luceneRegexOf(pattern);
    if (found === null) return UNSUPPORTED.regexNotLucene;
    const ignored = test.insensitive || found.insensitive;
    const source = ignored ? anyCase(found.source) : found.source;
    if (ignored && hasCaseBeyondAscii(found.source))
      reportLoss({
        effect: turned("narrower", positive),
        span: test.span,
        reason: "Letters outside ASCII are matched as they are written",
        advice: "List both cases.",
      });
    if (source === null) return UNSUPPORTED.regexEachCase;
    alternatives.push(`${field} RLIKE ${esqlString(source)}`);
  }
  return ofField(field, alternatives);
}

function values(test: ValuePredicate, field: string): EsqlCondition | Unsupported {
  const { kind, mapping } = fieldType(test.field);
  const { op, value } = test;
  if (typeof value === "boolean") {
    if (op !== "==") return UNSUPPORTED.booleanOrder;
    return ofField(field, [kind === "text" ? `${field} == ${esqlString(String(value))}` : `${field} == ${literal(value)}`]);
  }
  if (typeof value === "string") {
    const operand = kind === "text" ? esqlString(value) : typed(value, mapping);
    if (operand === null) return UNSUPPORTED.notOfType(test.field, mapping);
    return ofField(field, [`${field} ${op} ${operand}`]);
  }
  // A keyword that is compared with a number is a number to the engine.
  const subject = kind === "text" ? `TO_DOUBLE(${field})` : field;
  return ofField(field, [`${subject} ${op} ${literal(value)}`]);
}

function literal(value: ValuePredicate["value"]): string {
  return typeof value === "string" ? esqlString(value) : String(value);
}

function blocks(test: CidrPredicate, field: string, positive: boolean, reportLoss: (loss: Loss) => void): EsqlCondition | Unsupported {
  const { kind, mapping } = fieldType(test.field);
  const list = test.blocks.map(esqlString).join(", ");
  if (kind === "ip") return ofField(field, [`CIDR_MATCH(${field}, ${list})`]);
  if (kind !== "text") return UNSUPPORTED.rangeOfType(test.field, mapping);
  // A value that is not an address becomes null, with a warning.
  reportLoss({
    effect: "exact",
    span: test.span,
    reason: `\`${test.field}\` is read as an address; a value that is not one causes a warning`,
    advice: positive ? null : "Map the field as `ip`.",
  });
  return ofField(`TO_IP(${field})`, [`CIDR_MATCH(TO_IP(${field}), ${list})`]);
}
