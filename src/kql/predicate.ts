/** One field against one value, as the field's type asks. */
import { make, type Expr, type NumberExpr, type Pattern, type Span } from "../eql/index.ts";
import { isStar, literalText, type KqlLiteral, type KqlRange } from "./tree.ts";

/** Why a value is none of its field's type. */
export interface BadValue {
  readonly reason: "bad-number" | "bad-ip" | "bad-date";
  readonly summary: string;
  readonly help: string | null;
}

type Operator = "==" | KqlRange["op"];

const NUMBERS: ReadonlySet<string> = new Set([
  "byte",
  "short",
  "integer",
  "long",
  "unsigned_long",
  "double",
  "float",
  "half_float",
  "scaled_float",
]);
const TEXTS: ReadonlySet<string> = new Set(["text", "match_only_text", "annotated_text"]);

/** Whether a field of this type is searched by its words. */
export function isAnalysed(type: string | undefined): boolean {
  return type !== undefined && TEXTS.has(type);
}

/** @param type Elasticsearch's name of the field's type; undefined where it is not known: its values are taken as keywords, and bounds by what they are. */
export function fieldPredicate(field: string, type: string | undefined, op: Operator, value: KqlLiteral): Expr | BadValue {
  const { span } = value;
  const text = literalText(value);
  if (isAnalysed(type) && op === "==") return wordsPredicate(field, value);
  // A pattern is one of texts, whatever the type: of numbers and addresses the engine refuses it or finds nothing.
  if (text === null) return make.matches(make.field(field, span), [make.wildcard(value.parts, span)], false, span);
  if (type !== undefined && NUMBERS.has(type)) {
    const number = numberOf(text, span);
    return number === null
      ? { reason: "bad-number", summary: `\`${text}\` is no number, which \`${field}\` holds`, help: null }
      : compare(field, op, number, span);
  }
  switch (type) {
    case "boolean":
      return text === "true" || text === "false"
        ? compare(field, op, { kind: "boolean", span, value: text === "true" }, span)
        : { reason: "bad-number", summary: `\`${text}\` is neither \`true\` nor \`false\`, which \`${field}\` holds`, help: null };
    case "ip":
      return addressPredicate(field, op, text, span);
    case "date":
    case "date_nanos":
      return isDate(text)
        ? compare(field, op, make.string(text, span), span)
        : {
            reason: "bad-date",
            summary: `\`${text}\` is no date, which \`${field}\` holds`,
            help: "Write it like `2026-01-31T10:00:00Z`, or `now-1d`.",
          };
    default: {
      if (op === "==") return make.matches(make.field(field, span), [make.literal(text, span)], false, span);
      const number = type === undefined ? numberOf(text, span) : null;
      return compare(field, op, number ?? make.string(text, span), span);
    }
  }
}

/** The field has a value. What is no address is not indexed in a field of addresses. */
export function existsPredicate(field: string, type: string | undefined, span: Span): Expr {
  if (type !== "ip") return make.exists(field, span);
  return make.call("cidrMatch", [make.field(field, span), make.string("0.0.0.0/0", span), make.string("::/0", span)], false, span);
}

function compare(field: string, op: Operator, value: Expr, span: Span): Expr {
  return { kind: "comparison", span, op, left: make.field(field, span), right: value };
}

function numberOf(text: string, span: Span): NumberExpr | null {
  if (/^[+-]?\d+$/.test(text)) {
    const whole = BigInt(text);
    return make.number(whole >= BigInt(Number.MIN_SAFE_INTEGER) && whole <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(whole) : whole, span);
  }
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number(text)) ? make.number(Number(text), span) : null;
}

function addressPredicate(field: string, op: Operator, text: string, span: Span): Expr | BadValue {
  const bad: BadValue = {
    reason: "bad-ip",
    summary: `\`${text}\` is no address, which \`${field}\` holds`,
    help: "Write an IPv4 or IPv6 address, or a block such as `10.0.0.0/8`.",
  };
  if (!isAddress(text.split("/")[0]!)) return bad;
  if (!text.includes("/")) return compare(field, op, make.string(text, span), span);
  const bits = Number(/^[^/]+\/(\d{1,3})$/.exec(text)?.[1] ?? Number.NaN);
  if (op !== "==" || !(bits <= (text.includes(":") ? 128 : 32))) return bad;
  return make.call("cidrMatch", [make.field(field, span), make.string(text, span)], false, span);
}

function isAddress(text: string): boolean {
  if (text.includes(":")) return /^[0-9a-f:.]{2,45}$/i.test(text);
  const parts = text.split(".");
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256);
}

/** A date or date math; whether it names a day that exists, the comparison says when it is prepared. */
function isDate(text: string): boolean {
  return /^(?:now|\d{4}-?[\dT:.,Z+-]*(?:\|\|)?|\d{1,17})(?:[+-]\d*[yMwdhHms]|\/[yMwdhHms])*$/.test(text);
}

const WORD = String.raw`[A-Za-z0-9_\u0080-\uffff]`;
const GAP = String.raw`[^A-Za-z0-9_\u0080-\uffff]`;

/** Analysed text: quoted, the words in this order; unquoted, any of them; wildcards within a word. Case does not count. */
export function wordsPredicate(field: string, value: KqlLiteral): Expr {
  const { span, form } = value;
  const words: string[][] = [[]];
  for (const part of value.parts) {
    if (part.kind !== "literal") {
      words.at(-1)!.push(part.kind === "any" ? `${WORD}*` : WORD);
      continue;
    }
    const pieces = part.text.split(/[^\p{L}\p{N}_.']+/u);
    for (const [at, piece] of pieces.entries()) {
      if (at > 0) words.push([]);
      if (piece !== "") words.at(-1)!.push(piece.replaceAll(".", String.raw`\.`));
    }
  }
  const sources = words.map((word) => word.join("")).filter((word) => word !== "" && !/^(?:\\\.|')+$/.test(word));
  // Only punctuation: there is no word to look for, and nothing is found.
  if (sources.length === 0) return { kind: "boolean", span, value: false };
  const phrases = form === "quoted" ? [sources.join(`${GAP}+`)] : sources;
  return make.matches(
    make.field(field, span),
    phrases.map((phrase) => ({
      kind: "regex",
      span,
      source: `(?:^|${GAP})(?:${phrase})(?:$|${GAP})`,
      flavour: "pcre",
      flags: "i",
      form: "quoted",
    })),
    false,
    span,
  );
}

/** The text that is not of one field in ECS, and is analysed: where a value alone is looked for as words. */
const MESSAGE = "message";

/** A value in any field: as the whole of it, or as words of the message. */
export function anywherePredicate(literal: KqlLiteral): Expr {
  const { span } = literal;
  if (isStar(literal)) return { kind: "boolean", span, value: true };
  return make.any(
    [{ kind: "any-field", span, insensitive: false, patterns: [make.wildcard(literal.parts, span)] }, wordsPredicate(MESSAGE, literal)],
    span,
  );
}

/** Tests of one field for texts, each `like` one of some, are one test for any of them. */
export function joinPatterns(operands: readonly Expr[], field: string, span: Span): Expr[] {
  const patterns: Pattern[] = [];
  const others: Expr[] = [];
  for (const operand of operands) {
    const joins = operand.kind === "match" && operand.op === "like" && operand.value.kind === "field" && operand.value.name === field;
    if (joins) patterns.push(...operand.patterns);
    else others.push(operand);
  }
  return patterns.length === 0 ? others : [make.matches(make.field(field, span), patterns, false, span), ...others];
}
