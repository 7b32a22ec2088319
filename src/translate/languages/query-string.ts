/**
 * Lucene's query syntax as `query_string`, Kibana and OpenSearch Dashboards read it.
 *
 * Its wildcards are case-sensitive on keywords, so texts that are not become regular expressions with a set for each letter: `/[pP][sS]/`. A
 * regular expression here is Lucene's own and is tied to the whole value. A group of nothing but `NOT` matches nothing, so `*:*`
 * precedes it.
 */
import {
  fold,
  isUnsupported,
  literalText,
  turned,
  type AnyFieldPredicate,
  type CidrPredicate,
  type Condition,
  type Loss,
  type Predicate,
  type RegexPredicate,
  type TextPredicate,
  type Unsupported,
  type ValuePredicate,
  type WildcardPart,
} from "../../eql/index.ts";
import { fieldType } from "../field-type.ts";
import { isPlainText } from "../plain-text.ts";
import { hasCaseBeyondAscii, isAnything } from "../patterns.ts";
import { anyCase, luceneOfParts, luceneRegexOf } from "../regex/lucene.ts";
import { UNSUPPORTED } from "../unsupported.ts";

/** A query, and how it combines with others. */
interface Clause {
  /** A value may hold line breaks of its own, which are no ends of lines here: they must stay as they are. */
  readonly lines: Lines;
  readonly level: "atom" | "and" | "or";
  /** It is `NOT` and this. */
  readonly negated: boolean;
}

type Lines = readonly [first: string, ...rest: string[]];

const EVERYTHING = "*:*";

/** The whole query; null where nothing of it can be translated. */
export function queryString(condition: Condition, fields: ReadonlyMap<string, string>, reportLoss: (loss: Loss) => void): string | null {
  const folded = fold<Clause>(
    condition,
    { all, any, not, predicate: (test, positive) => clauseOf(test, fields, positive, reportLoss, WIDTH) },
    reportLoss,
  );
  if (folded.kind === "lost") return null;
  if (folded.kind === "constant") return folded.value ? EVERYTHING : `NOT ${EVERYTHING}`;
  const { lines, negated } = folded.value;
  return (negated ? prefixed(`${EVERYTHING} AND NOT `, lines) : lines).join("\n");
}

function all(operands: readonly Clause[]): Clause {
  const required = operands.filter(({ negated }) => !negated).map((one) => within(one, "and"));
  const excluded = operands.filter(({ negated }) => negated).map(({ lines }) => prefixed("NOT ", lines));
  return group([...(required.length === 0 ? [[EVERYTHING] as const] : required), ...excluded], "and");
}

function any(operands: readonly Clause[]): Clause {
  return group(
    operands.map((one) => within(one, "or")),
    "or",
  );
}

function not(operand: Clause): Clause {
  if (operand.negated) return { ...operand, negated: false };
  return { lines: within(operand, "atom"), level: "atom", negated: true };
}

/** AND and OR bind alike in Lucene, so a group of one is in parentheses within a group of the other. */
function within({ lines, level, negated }: Clause, outer: Clause["level"]): Lines {
  if (negated) return parentheses(prefixed(`${EVERYTHING} AND NOT `, lines));
  return level === "atom" || level === outer ? lines : parentheses(lines);
}

function prefixed(prefix: string, [first, ...rest]: Lines): Lines {
  return [prefix + first, ...rest];
}

const WIDTH = 110;

function group(operands: readonly Lines[], level: "and" | "or", width: number = WIDTH): Clause {
  const word = `${level.toUpperCase()} `;
  const line = operands.map(([first]) => first).join(` ${word}`);
  if (line.length <= width && operands.every(({ length }) => length === 1)) return { lines: [line], level, negated: false };
  const [first, ...rest] = operands.flatMap((lines, at) => (at === 0 ? lines : prefixed(word, lines)));
  return { lines: [first ?? "", ...rest], level, negated: false };
}

function parentheses(lines: Lines): Lines {
  return lines.length === 1 ? [`(${lines[0]})`] : ["(", ...lines.map((line) => `  ${line}`), ")"];
}

function atom(text: string): Clause {
  return { lines: [text], level: "atom", negated: false };
}

/** One test as a query of its own, on one line. */
export function luceneTest(
  test: Predicate,
  fields: ReadonlyMap<string, string>,
  positive: boolean,
  reportLoss: (loss: Loss) => void,
): string | Unsupported {
  const clause = clauseOf(test, fields, positive, reportLoss, Infinity);
  return isUnsupported(clause) ? clause : clause.lines.join("\n");
}

function clauseOf(
  test: Predicate,
  fields: ReadonlyMap<string, string>,
  positive: boolean,
  reportLoss: (loss: Loss) => void,
  width: number,
): Clause | Unsupported {
  const name = (field: string): string => fieldText(fields.get(field) ?? field);
  if ("field" in test && !isPlainText(test.field)) return UNSUPPORTED.fieldName(test.field);
  switch (test.kind) {
    case "text":
      return textQuery(test, name(test.field), positive, reportLoss, width);
    case "regex":
      return regexQuery(test, name(test.field), positive, reportLoss, width);
    case "value":
      return fieldType(test.field).kind === "words" ? UNSUPPORTED.analysedText(test.field) : atom(`${name(test.field)}:${valueText(test)}`);
    case "exists":
      return atom(`_exists_:${name(test.field)}`);
    case "cidr":
      return cidrQuery(test, name(test.field), positive, reportLoss, width);
    case "any-field":
      return anyFieldQuery(test, positive, reportLoss, width);
    case "computed":
      return UNSUPPORTED.computed;
  }
}

/** A backslash before everything that is not plainly part of a name. */
function fieldText(name: string): string {
  return name.replaceAll(/[^\w.@]/g, String.raw`\$&`);
}

function textQuery(
  test: TextPredicate,
  name: string,
  positive: boolean,
  reportLoss: (loss: Loss) => void,
  width: number,
): Clause | Unsupported {
  const { kind, mapping } = fieldType(test.field);
  if (kind === "words") return UNSUPPORTED.analysedText(test.field);
  if (kind !== "text" && test.patterns.some(({ parts }) => literalText(parts) === null))
    return UNSUPPORTED.partOfValue(test.field, mapping);
  const insensitive = test.insensitive && kind === "text";
  if (insensitive) asciiOnly(test, positive, reportLoss);
  if (test.patterns.some(({ parts }) => isAnything(parts))) return atom(`_exists_:${name}`);
  return oneOf(
    name,
    test.patterns.map(({ parts }) => partsText(parts, insensitive)),
    width,
  );
}

function oneOf(name: string, values: readonly string[], width: number): Clause {
  if (values.length === 1) return atom(`${name}:${values[0]!}`);
  const { lines } = group(
    values.map((value) => [value]),
    "or",
    width,
  );
  return { lines: prefixed(`${name}:`, parentheses(lines)), level: "atom", negated: false };
}

function partsText(parts: readonly WildcardPart[], insensitive: boolean): string {
  const plain = literalText(parts);
  if (plain === "") return "/()/";
  if (plain !== null && (!insensitive || plain.toLowerCase() === plain.toUpperCase())) return quoted(plain);
  return regexText(luceneOfParts(parts, insensitive));
}

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

/**
 * The slash ends an expression, and a backslash before the last slash would not let it. What some readers of query strings accept no
 * backslash before is in a set of its own.
 */
function regexText(source: string): string {
  let inSet = false;
  const text = source.replaceAll(/\\[\s\S]|[\s\S]/g, (piece) => {
    if (piece === "/") return String.raw`\/`;
    if (piece === "[") inSet = true;
    else if (piece === "]") inSet = false;
    if (piece.length === 1 || !/[.#@<>$,%=_'`; \n]/.test(piece[1]!)) return piece;
    return inSet ? piece[1]! : `[${piece[1]!}]`;
  });
  return `/${text.replace(/\\\\$/, String.raw`[\\]`)}/`;
}

function asciiOnly(test: TextPredicate, positive: boolean, reportLoss: (loss: Loss) => void): void {
  // Each letter has both its cases written out; only letters whose case is of several letters do not.
  const odd = test.patterns.some(({ parts }) =>
    parts.some(
      (part) =>
        part.kind === "literal" && [...part.text].some((char) => hasCaseBeyondAscii(char) && char.toUpperCase().length !== char.length),
    ),
  );
  if (odd)
    reportLoss({
      effect: turned("narrower", positive),
      span: test.span,
      reason: "Letters whose other case is of several letters are matched as they are written",
      advice: "List both forms.",
    });
}

function regexQuery(
  test: RegexPredicate,
  name: string,
  positive: boolean,
  reportLoss: (loss: Loss) => void,
  width: number,
): Clause | Unsupported {
  const { kind, mapping } = fieldType(test.field);
  if (kind === "words") return UNSUPPORTED.analysedText(test.field);
  if (kind !== "text") return UNSUPPORTED.regexOfType(test.field, mapping);
  const values: string[] = [];
  for (const pattern of test.patterns) {
    const found = luceneRegexOf(pattern);
    if (found === null) return UNSUPPORTED.regexNotLucene;
    const source = test.insensitive || found.insensitive ? anyCase(found.source) : found.source;
    if (source === null) return UNSUPPORTED.regexEachCase;
    if (/^[\s\S]*[^\x00-\x7f]/.test(source) && (test.insensitive || found.insensitive) && hasCaseBeyondAscii(source))
      reportLoss({
        effect: turned("narrower", positive),
        span: test.span,
        reason: "Letters outside ASCII are matched as they are written",
        advice: "List both cases.",
      });
    values.push(regexText(source));
  }
  return oneOf(name, values, width);
}

function valueText({ op, value }: ValuePredicate): string {
  if (op === "==") return typeof value === "number" && value < 0 ? quoted(String(value)) : String(value);
  const bound = /^-?[\w.]+$/.test(String(value)) ? String(value) : quoted(String(value));
  switch (op) {
    case "<":
      return `[* TO ${bound}}`;
    case "<=":
      return `[* TO ${bound}]`;
    case ">":
      return `{${bound} TO *]`;
    case ">=":
      return `[${bound} TO *]`;
  }
}

function cidrQuery(
  test: CidrPredicate,
  name: string,
  positive: boolean,
  reportLoss: (loss: Loss) => void,
  width: number,
): Clause | Unsupported {
  const { mapping } = fieldType(test.field);
  if (mapping !== "ip" && mapping !== "keyword") return UNSUPPORTED.rangeOfType(test.field, mapping);
  if (mapping === "keyword")
    reportLoss({
      effect: turned("narrower", positive),
      span: test.span,
      reason: `\`${test.field}\` is not an address in ECS: unless it is mapped as \`ip\`, no address range matches`,
      advice: "Map the field as `ip`.",
    });
  return oneOf(name, test.blocks.map(quoted), width);
}

/** Without a field a query looks at all of them. */
function anyFieldQuery(test: AnyFieldPredicate, positive: boolean, reportLoss: (loss: Loss) => void, width: number): Clause | Unsupported {
  const values: string[] = [];
  for (const pattern of test.patterns) {
    if (pattern.kind !== "wildcard") return UNSUPPORTED.anyFieldRegex;
    values.push(regexText(luceneOfParts(pattern.parts, test.insensitive)));
  }
  reportLoss({
    effect: turned("narrower", positive),
    span: test.span,
    reason: "In analysed text only single words are searched, not the whole text",
    advice: "Name the fields.",
  });
  const clause = group(
    values.map((value) => [value]),
    "or",
    width,
  );
  return values.length === 1 ? { ...clause, level: "atom" } : clause;
}
