/**
 * Conditions of ES|QL. Its comparisons are null where the field is missing or holds several values, and `NOT` of null is null: so each
 * test knows its own denial, in which a missing field is named. Fields of several values are tested by the search functions where
 * these may stand (`WHERE` right after `FROM`), else by `MV_CONTAINS`.
 */
import { ecsField } from "../../../ecs/index.ts";
import type { Loss } from "../../../eql/index.ts";
import { esqlField, esqlString } from "./esql-text.ts";
import { fold, isUnsupported, type Folded, type Unsupported } from "../../fold.ts";
import type { CidrTest, Formula, RegexTest, Test, TextTest, ValueTest } from "../../formula.ts";
import { foldsBeyondAscii, luceneRegexOf } from "../../regex/lucene.ts";
import { anyCase, luceneTest } from "./lucene.ts";
import { analysed, plainText, typeOf, wildcardValue } from "./query-dsl.ts";

/** A condition and its denial. */
export interface Condition {
  readonly yes: Piece;
  readonly no: Piece;
}

interface Piece {
  readonly text: string;
  readonly level: "atom" | "and" | "or";
}

export interface ConditionOptions {
  readonly fields: ReadonlyMap<string, string>;
  /** Fields that may be unknown to every index: an operator that names one would fail the query, a search function does not. */
  readonly optional: ReadonlySet<string>;
  /** Search functions may be used. */
  readonly search: boolean;
  readonly reportLoss: (loss: Loss) => void;
}

export function condition(formula: Formula, options: ConditionOptions): Folded<Condition> {
  return fold<Condition>(
    formula,
    {
      all: (operands) => ({ yes: group(operands, "yes", "and"), no: group(operands, "no", "or") }),
      any: (operands) => ({ yes: group(operands, "yes", "or"), no: group(operands, "no", "and") }),
      not: ({ yes, no }) => ({ yes: no, no: yes }),
      test: (test, positive) => tested(test, positive, options),
    },
    options.reportLoss,
  );
}

const WIDTH = 110;

function group(operands: readonly Condition[], side: "yes" | "no", level: "and" | "or"): Piece {
  const parts = operands.map((operand) => within(operand[side], level));
  const word = level.toUpperCase();
  const line = parts.join(` ${word} `);
  return { text: line.length > WIDTH || line.includes("\n") ? parts.join(`\n${word} `) : line, level };
}

function within({ text, level }: Piece, outer: "and" | "or"): string {
  if (level === "atom" || level === outer) return text;
  return text.includes("\n") ? `(\n${text.replaceAll(/^/gm, "  ")}\n)` : `(${text})`;
}

const atom = (text: string): Piece => ({ text, level: "atom" });

/** A test that is never null. */
function sure(text: string): Condition {
  return { yes: atom(text), no: atom(`NOT ${text}`) };
}

/** Tests any of which is enough; null where the field is missing. */
function ofField(field: string, alternatives: readonly string[]): Condition {
  const yes: Piece = alternatives.length === 1 ? atom(alternatives[0]!) : { text: alternatives.join(" OR "), level: "or" };
  const broken = yes.text.length > WIDTH && alternatives.length > 1 ? { ...yes, text: alternatives.join("\nOR ") } : yes;
  const denied = alternatives.length === 1 ? `NOT ${alternatives[0]!}` : `NOT ${within(broken, "and")}`;
  return { yes: broken, no: { text: `${field} IS NULL OR ${denied}`, level: "or" } };
}

function tested(test: Test, positive: boolean, options: ConditionOptions): Condition | Unsupported {
  if (test.kind === "computed")
    return { unsupported: "This function or comparison is not translated to ES|QL", advice: "Say it with `EVAL` by hand." };
  if (test.kind === "any-field") return searched(test, positive, options);
  const words = test.kind === "exists" ? null : analysed(test.field);
  if (words !== null) return words;
  const several = ecsField(test.field)?.array === true;
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
function searched(test: Test, positive: boolean, options: ConditionOptions): Condition | Unsupported {
  if (!options.search) return { unsupported: "Outside of `WHERE` after `FROM` there is no search over every field" };
  const text = luceneTest(test, options.fields, positive, options.reportLoss);
  return isUnsupported(text) ? text : sure(`QSTR(${esqlString(text)})`);
}

/** `field : "value"` is a search for a whole keyword among the field's values. */
function searchedField(
  test: TextTest | RegexTest | ValueTest | CidrTest,
  field: string,
  positive: boolean,
  options: ConditionOptions,
): Condition | Unsupported {
  if (test.kind === "text" && !test.insensitive) {
    const plain = test.patterns.map(({ parts }) => plainText(parts));
    if (plain.every((text) => text !== null && text !== "")) return sureOf(plain.map((text) => `${field} : ${esqlString(text!)}`));
  }
  return searched(test, positive, options);
}

function sureOf(alternatives: readonly string[]): Condition {
  if (alternatives.length === 1) return sure(alternatives[0]!);
  const yes: Piece = { text: alternatives.join(" OR "), level: "or" };
  return { yes, no: { text: alternatives.map((one) => `NOT ${one}`).join(" AND "), level: "and" } };
}

/** Where no search is possible: whole values only. */
function contained(test: TextTest | RegexTest | ValueTest | CidrTest, field: string): Condition | Unsupported {
  const unsupported: Unsupported = {
    unsupported: `\`${test.field}\` has several values, of which ES|QL cannot test parts in a sequence`,
    advice: "Test a field of one value.",
  };
  if (test.kind === "value") return test.op === "==" ? sure(`MV_CONTAINS(${field}, ${literal(test.value)})`) : unsupported;
  if (test.kind !== "text") return unsupported;
  const plain = test.patterns.map(({ parts }) => plainText(parts));
  if (plain.includes(null)) return unsupported;
  return sureOf(
    plain.map((text) =>
      test.insensitive
        ? `MV_CONTAINS(TO_LOWER(${field}), ${esqlString(text!.toLowerCase())})`
        : `MV_CONTAINS(${field}, ${esqlString(text!)})`,
    ),
  );
}

const TEXT_TYPES: ReadonlySet<string> = new Set(["keyword", "wildcard", "constant_keyword", "flattened"]);

function texts(test: TextTest, field: string): Condition | Unsupported {
  const type = typeOf(test.field);
  if (!TEXT_TYPES.has(type)) return typedTexts(test, field, type);
  const subject = test.insensitive ? `TO_LOWER(${field})` : field;
  const cased = (text: string): string => (test.insensitive ? text.toLowerCase() : text);
  const plain: string[] = [];
  const alternatives: string[] = [];
  for (const { parts } of test.patterns) {
    const text = plainText(parts);
    if (text !== null) plain.push(cased(text));
    else if (parts.length === 1 && parts[0]!.kind === "any") return { yes: atom(`${field} IS NOT NULL`), no: atom(`${field} IS NULL`) };
    else alternatives.push(`${subject} LIKE ${esqlString(cased(wildcardValue(parts)))}`);
  }
  if (plain.length === 1) alternatives.unshift(`${subject} == ${esqlString(plain[0]!)}`);
  else if (plain.length > 1) alternatives.unshift(`${subject} IN (${plain.map(esqlString).join(", ")})`);
  return ofField(field, alternatives);
}

/** ES|QL compares values of one type. */
function typedTexts(test: TextTest, field: string, type: string): Condition | Unsupported {
  const plain = test.patterns.map(({ parts }) => plainText(parts));
  const said = plain.flatMap((text) => (text === null ? [] : (typed(text, type) ?? [])));
  if (said.length < plain.length)
    return {
      unsupported: `\`${test.field}\` is of the type \`${type}\`, of which a part cannot be tested`,
      advice: type === "ip" ? "Say it with `cidrMatch`." : "Compare it with values.",
    };
  return ofField(field, [said.length === 1 ? `${field} == ${said[0]!}` : `${field} IN (${said.join(", ")})`]);
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

function regexes(test: RegexTest, field: string, positive: boolean, reportLoss: (loss: Loss) => void): Condition | Unsupported {
  if (!TEXT_TYPES.has(typeOf(test.field)))
    return { unsupported: `\`${test.field}\` is of the type \`${typeOf(test.field)}\`, which takes no regular expressions` };
  const alternatives: string[] = [];
  for (const pattern of test.patterns) {
    const found = luceneRegexOf(pattern);
    if (found === null)
      return { unsupported: "Lucene's regular expressions have no equal of this one", advice: "Write it with wildcards." };
    const ignored = test.insensitive || found.insensitive;
    const source = ignored ? anyCase(found.source) : found.source;
    if (ignored && foldsBeyondAscii(found.source))
      reportLoss({
        effect: positive ? "narrower" : "wider",
        span: test.span,
        reason: "Letters outside ASCII are matched as they are written",
        advice: "List both cases.",
      });
    if (source === null)
      return {
        unsupported: "`RLIKE` heeds case, and this regular expression cannot be written for both cases",
        advice: "Write it with wildcards.",
      };
    alternatives.push(`${field} RLIKE ${esqlString(source)}`);
  }
  return ofField(field, alternatives);
}

function values(test: ValueTest, field: string): Condition | Unsupported {
  const type = typeOf(test.field);
  const { op, value } = test;
  if (typeof value === "boolean") {
    if (op !== "==") return { unsupported: "Truth values have no order" };
    return ofField(field, [TEXT_TYPES.has(type) ? `${field} == ${esqlString(String(value))}` : `${field} == ${literal(value)}`]);
  }
  if (typeof value === "string") {
    const said = TEXT_TYPES.has(type) ? esqlString(value) : typed(value, type);
    if (said === null) return { unsupported: `\`${test.field}\` is of the type \`${type}\`, and this is none` };
    return ofField(field, [`${field} ${op} ${said}`]);
  }
  // A keyword that is compared with a number is a number to the engine.
  const subject = TEXT_TYPES.has(type) ? `TO_DOUBLE(${field})` : field;
  return ofField(field, [`${subject} ${op} ${literal(value)}`]);
}

function literal(value: ValueTest["value"]): string {
  return typeof value === "string" ? esqlString(value) : String(value);
}

function blocks(test: CidrTest, field: string, positive: boolean, reportLoss: (loss: Loss) => void): Condition | Unsupported {
  const type = ecsField(test.field)?.type;
  const said = test.blocks.map(esqlString).join(", ");
  if (type === "ip") return ofField(field, [`CIDR_MATCH(${field}, ${said})`]);
  if (type !== undefined && !TEXT_TYPES.has(type))
    return { unsupported: `\`${test.field}\` is of the type \`${type}\`, and blocks are tested on addresses` };
  // What is no address becomes null, with a warning.
  reportLoss({
    effect: "exact",
    span: test.span,
    reason: `\`${test.field}\` is read as an address; a value that is none gives a warning`,
    advice: positive ? null : "Map the field as `ip`.",
  });
  return ofField(`TO_IP(${field})`, [`CIDR_MATCH(TO_IP(${field}), ${said})`]);
}
