/**
 * Lucene's query syntax as `query_string`, Kibana and OpenSearch Dashboards read it.
 *
 * Its wildcards heed case on keywords, so texts that do not are regular expressions with a set for each letter: `/[pP][sS]/`. A
 * regular expression here is Lucene's own and is tied to the whole value. A group of nothing but `NOT` matches nothing, so `*:*`
 * stands before it.
 */
import type { Loss, WildcardPart } from "../../../eql/index.ts";
import { fold, isUnsupported, type Unsupported } from "../../fold.ts";
import { formulaOf, type AnyFieldTest, type CidrTest, type RegexTest, type Test, type TextTest, type ValueTest } from "../../formula.ts";
import { foldsBeyondAscii, luceneOfParts, luceneRegexOf } from "../../regex/lucene.ts";
import { analysed, noSequences, plainText, typeOf } from "./query-dsl.ts";
import { LossList, type Platform, type TranslationRequest, type Translation } from "../../translation.ts";

export const lucene = {
  title: "Lucene query string",
  extension: "lucene",
  checked: "executed",
  translate: (request) => translateLucene(request),
} as const satisfies Platform;

/** A query, and how it may stand beside others. */
interface Said {
  readonly text: string;
  readonly level: "atom" | "and" | "or";
  /** It is `NOT` and this text. */
  readonly negated: boolean;
}

const EVERYTHING = "*:*";

function translateLucene({ query, fields }: TranslationRequest): Translation {
  const losses = new LossList();
  if (query.kind !== "event") {
    losses.add(noSequences(query, "Lucene's queries test one event at a time"));
    return { text: "", files: [], losses: losses.list };
  }
  for (const pipe of query.pipes)
    losses.add({
      effect: "wider",
      span: pipe.span,
      reason: `A query string has no pipes: \`${pipe.name}\` is left out`,
      advice: "Set order and number in the search.",
    });
  const folded = fold<Said>(
    formulaOf(query.filter),
    { all, any, not, test: (test, positive) => said(test, fields, positive, losses.add, WIDTH) },
    losses.add,
  );
  const text =
    folded.kind === "lost" ? "" : folded.kind === "constant" ? (folded.value ? EVERYTHING : `NOT ${EVERYTHING}`) : whole(folded.value);
  return { text: text === "" ? "" : `${text}\n`, files: [], losses: losses.list };
}

function whole({ text, negated }: Said): string {
  return negated ? `${EVERYTHING} AND NOT ${text}` : text;
}

function all(operands: readonly Said[]): Said {
  const asked = operands.filter(({ negated }) => !negated).map((one) => within(one, "and"));
  const denied = operands.filter(({ negated }) => negated).map(({ text }) => `NOT ${text}`);
  return group([...(asked.length === 0 ? [EVERYTHING] : asked), ...denied], "and");
}

function any(operands: readonly Said[]): Said {
  return group(
    operands.map((one) => within(one, "or")),
    "or",
  );
}

function not(operand: Said): Said {
  if (operand.negated) return { ...operand, negated: false };
  return { text: within(operand, "atom"), level: "atom", negated: true };
}

/** AND and OR bind alike in Lucene, so a group of one stands in parentheses within a group of the other. */
function within(one: Said, level: Said["level"]): string {
  if (one.negated) return parentheses(`${EVERYTHING} AND NOT ${one.text}`);
  return one.level === "atom" || one.level === level ? one.text : parentheses(one.text);
}

const WIDTH = 110;

function group(operands: readonly string[], level: "and" | "or", width: number = WIDTH): Said {
  const word = level.toUpperCase();
  const line = operands.join(` ${word} `);
  const broken = line.length > width || (width !== Infinity && line.includes("\n"));
  return { text: broken ? operands.join(`\n${word} `) : line, level, negated: false };
}

function parentheses(text: string): string {
  return text.includes("\n") ? `(\n${text.replaceAll(/^/gm, "  ")}\n)` : `(${text})`;
}

function atom(text: string): Said {
  return { text, level: "atom", negated: false };
}

/** One test as a query of its own, on one line. */
export function luceneTest(
  test: Test,
  fields: ReadonlyMap<string, string>,
  positive: boolean,
  reportLoss: (loss: Loss) => void,
): string | Unsupported {
  const made = said(test, fields, positive, reportLoss, Infinity);
  return isUnsupported(made) ? made : made.text;
}

function said(
  test: Test,
  fields: ReadonlyMap<string, string>,
  positive: boolean,
  reportLoss: (loss: Loss) => void,
  width: number,
): Said | Unsupported {
  const name = (field: string): string => fieldText(fields.get(field) ?? field);
  switch (test.kind) {
    case "text":
      return textQuery(test, name(test.field), positive, reportLoss, width);
    case "regex":
      return regexQuery(test, name(test.field), positive, reportLoss, width);
    case "value":
      return analysed(test.field) ?? atom(`${name(test.field)}:${valueText(test)}`);
    case "exists":
      return atom(`_exists_:${name(test.field)}`);
    case "cidr":
      return cidrQuery(test, name(test.field), positive, reportLoss, width);
    case "any-field":
      return anyFieldQuery(test, positive, reportLoss, width);
    case "computed":
      return {
        unsupported: "A query string has no functions, and cannot compare two fields",
        advice: "Store what is computed when the event is indexed.",
      };
  }
}

/** A backslash before everything that is not plainly part of a name. */
function fieldText(name: string): string {
  return name.replaceAll(/[^\w.@]/g, String.raw`\$&`);
}

const TEXT_TYPES: ReadonlySet<string> = new Set(["keyword", "wildcard", "constant_keyword", "flattened"]);

function textQuery(test: TextTest, name: string, positive: boolean, reportLoss: (loss: Loss) => void, width: number): Said | Unsupported {
  const words = analysed(test.field);
  if (words !== null) return words;
  const type = typeOf(test.field);
  if (!TEXT_TYPES.has(type) && test.patterns.some(({ parts }) => plainText(parts) === null))
    return {
      unsupported: `\`${test.field}\` is of the type \`${type}\`, of which a part cannot be tested`,
      advice: type === "ip" ? "Say it with `cidrMatch`." : "Compare it with values.",
    };
  const insensitive = test.insensitive && TEXT_TYPES.has(type);
  if (insensitive) asciiOnly(test, positive, reportLoss);
  if (test.patterns.some(({ parts }) => parts.length === 1 && parts[0]!.kind === "any")) return atom(`_exists_:${name}`);
  return oneOf(
    name,
    test.patterns.map(({ parts }) => partsText(parts, insensitive)),
    width,
  );
}

function oneOf(name: string, values: readonly string[], width: number): Said {
  if (values.length === 1) return atom(`${name}:${values[0]!}`);
  const { text } = group(values, "or", width);
  return atom(`${name}:${width === Infinity ? `(${text})` : parentheses(text)}`);
}

function partsText(parts: readonly WildcardPart[], insensitive: boolean): string {
  const plain = plainText(parts);
  if (plain === "") return "/()/";
  if (plain !== null && (!insensitive || plain.toLowerCase() === plain.toUpperCase())) return quoted(plain);
  return regexText(luceneOfParts(parts, insensitive));
}

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

/**
 * The slash ends an expression, and a backslash before the last slash would not let it. What some readers of query strings take no
 * backslash before stands in a set of its own.
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

function asciiOnly(test: TextTest, positive: boolean, reportLoss: (loss: Loss) => void): void {
  // Each letter has both its cases written out; only letters whose case is of several letters do not.
  const odd = test.patterns.some(({ parts }) =>
    parts.some(
      (part) =>
        part.kind === "literal" && [...part.text].some((char) => foldsBeyondAscii(char) && char.toUpperCase().length !== char.length),
    ),
  );
  if (odd)
    reportLoss({
      effect: positive ? "narrower" : "wider",
      span: test.span,
      reason: "Letters whose other case is of several letters are matched as they are written",
      advice: "List both forms.",
    });
}

function regexQuery(test: RegexTest, name: string, positive: boolean, reportLoss: (loss: Loss) => void, width: number): Said | Unsupported {
  const words = analysed(test.field);
  if (words !== null) return words;
  const type = typeOf(test.field);
  if (!TEXT_TYPES.has(type)) return { unsupported: `\`${test.field}\` is of the type \`${type}\`, which takes no regular expressions` };
  const values: string[] = [];
  for (const pattern of test.patterns) {
    const found = luceneRegexOf(pattern);
    if (found === null)
      return { unsupported: "Lucene's regular expressions have no equal of this one", advice: "Write it with wildcards." };
    const source = test.insensitive || found.insensitive ? anyCase(found.source) : found.source;
    if (source === null)
      return {
        unsupported: "A query string heeds case, and this regular expression cannot be written for both cases",
        advice: "Use Query DSL, whose `regexp` can leave case out of account.",
      };
    if (/^[\s\S]*[^\x00-\x7f]/.test(source) && (test.insensitive || found.insensitive) && foldsBeyondAscii(source))
      reportLoss({
        effect: positive ? "narrower" : "wider",
        span: test.span,
        reason: "Letters outside ASCII are matched as they are written",
        advice: "List both cases.",
      });
    values.push(regexText(source));
  }
  return oneOf(name, values, width);
}

/** Every letter for both its cases; null where the expression says something that letters are part of. */
export function anyCase(source: string): string | null {
  let out = "";
  for (let at = 0; at < source.length; at++) {
    const char = source[at]!;
    if (char === "\\") {
      const next = source[++at];
      if (next === undefined || /[A-Za-z]/.test(next)) {
        if (next === undefined || !"dDsSwW".includes(next)) return null;
      }
      out += `\\${next}`;
    } else if (char === "[") {
      const end = setEnd(source, at);
      if (end === null) return null;
      const made = anyCaseSet(source.slice(at, end));
      out += made;
      at = end - 1;
    } else if (char === '"' || char === "<") return null;
    else out += /[A-Za-z]/.test(char) ? `[${char.toLowerCase()}${char.toUpperCase()}]` : char;
  }
  return out;
}

function setEnd(source: string, from: number): number | null {
  for (let at = from + 1; at < source.length; at++) {
    if (source[at] === "\\") at++;
    else if (source[at] === "]" && at > from + 1) return at + 1;
  }
  return null;
}

/** Ranges stay ranges; of each letter in the set, the other case is added. */
function anyCaseSet(set: string): string {
  const start = set[1] === "^" ? 2 : 1;
  const inside = set.slice(start, -1);
  let more = "";
  for (let at = 0; at < inside.length; at++) {
    const char = inside[at]!;
    if (char === "\\") {
      at++;
      continue;
    }
    if (inside[at + 1] === "-" && at + 2 < inside.length) {
      more += otherCases(char, inside[at + 2]!);
      at += 2;
    } else more += otherCases(char, char);
  }
  return `${set.slice(0, -1)}${more}]`;
}

/** Of a range of ASCII the letters within it in their other case. */
function otherCases(from: string, to: string): string {
  let more = "";
  for (let code = from.charCodeAt(0); code <= Math.min(to.charCodeAt(0), 127); code++) {
    const char = String.fromCharCode(code);
    if (/[a-z]/.test(char)) more += char.toUpperCase();
    else if (/[A-Z]/.test(char)) more += char.toLowerCase();
  }
  return more;
}

function valueText({ op, value }: ValueTest): string {
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

function cidrQuery(test: CidrTest, name: string, positive: boolean, reportLoss: (loss: Loss) => void, width: number): Said | Unsupported {
  const type = typeOf(test.field);
  if (type !== "ip" && type !== "keyword")
    return { unsupported: `\`${test.field}\` is of the type \`${type}\`, and blocks are tested on addresses` };
  if (type === "keyword")
    reportLoss({
      effect: positive ? "narrower" : "wider",
      span: test.span,
      reason: `\`${test.field}\` is no address in ECS: where it is not mapped as \`ip\`, no block matches`,
      advice: "Map the field as `ip`.",
    });
  return oneOf(name, test.blocks.map(quoted), width);
}

/** Without a field a query looks at all of them. */
function anyFieldQuery(test: AnyFieldTest, positive: boolean, reportLoss: (loss: Loss) => void, width: number): Said | Unsupported {
  const values: string[] = [];
  for (const pattern of test.patterns) {
    if (pattern.kind !== "wildcard") return { unsupported: "A search over every field takes texts only", advice: "Name the fields." };
    values.push(regexText(luceneOfParts(pattern.parts, test.insensitive)));
  }
  reportLoss({
    effect: positive ? "narrower" : "wider",
    span: test.span,
    reason: "Of analysed text only single words are looked at, not the whole",
    advice: "Name the fields.",
  });
  const { text, level } = group(values, "or", width);
  return values.length === 1 ? atom(text) : { text, level, negated: false };
}
