/**
 * Splunk's search language: words of the `search` command, which ignore case and know `*` only, and expressions of `eval` and `where`,
 * which are case-sensitive and null where a field is missing.
 *
 * A search's `NOT field=x` keeps events without the field, which is what `not` means here; in expressions `if` makes it so, whose
 * condition alone is documented to be of truth values.
 */
import { isUnsupported, type Condition, type TextPredicate, type Unsupported } from "../../../eql/index.ts";
import { each, predicateOf, type Dialect } from "../../dialect.ts";
import { bare } from "../../infix.ts";
import { isPlainText } from "../../plain-text.ts";
import { hasLetters, type Parts } from "../../patterns.ts";
import { inlineFlags, needsDotAll, pcreOfParts } from "../../regex/pcre.ts";
import { UNSUPPORTED } from "../../unsupported.ts";

/** A text within double quotes. There are no escapes but these: line breaks are for expressions of `match`. */
export function splString(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

/** A field's name in an expression: anything but word characters needs single quotes. */
function inExpression(field: string): string {
  return /^\w+$/.test(field) ? field : `'${field}'`;
}

/** Words of the `search` command, and of `where` of `tstats`. */
export const SEARCH = {
  and: "AND",
  or: "OR",
  equal: "=",
  not: (operand) => `NOT ${operand}`,
  indent: "    ",
  exists: ({ name }) => `${name}=*`,
  patterns: ({ name }, patterns) => {
    const values = each(patterns, searchValue);
    if (isUnsupported(values)) return values;
    return values.length === 1 ? `${name}=${values[0]!}` : `${name} IN (${values.join(", ")})`;
  },
  regex: () => UNSUPPORTED.searchRegex,
  boolean: ({ name }, value) => `${name}=${splString(String(value))}`,
  number: ({ name }, operator, value) => `${name}${operator}${value}`,
  ranges: ({ name }, blocks) => blocks.map((block) => `${name}=${splString(block)}`),
} as const satisfies Dialect;

/** Expressions of `eval` and `where`. */
export const EXPRESSION: Dialect = {
  and: "AND",
  or: "OR",
  equal: "==",
  not: (operand) => `NOT (${bare(operand)})`,
  indent: "    ",
  operand: (field) => ({ name: inExpression(field) }),
  exists: ({ name }) => `isnotnull(${name})`,
  comparable: (text, insensitive) => !insensitive && isPlainText(text),
  equals: ({ name }, texts) => holds(`in(${name}, ${texts.map(splString).join(", ")})`),
  patterns: ({ name }, patterns, insensitive) => {
    const flags = `${insensitive ? "i" : ""}${patterns.some(needsDotAll) ? "s" : ""}`;
    return match(name, inlineFlags({ source: patterns.map(pcreOfParts).join("|"), flags }));
  },
  regex: ({ name }, regex) => match(name, inlineFlags(regex)),
  boolean: ({ name }, value) => holds(`lower(${name})=="${value}"`),
  number: ({ name }, operator, value) => holds(`tonumber(${name})${operator}${value}`),
  ranges: ({ name }, blocks) => blocks.map((block) => holds(`cidrmatch(${splString(block)}, ${name})`)),
};

/** Never null: `if` is false where its condition is null. */
function holds(expression: string): string {
  return `if(${expression}, 1, 0)==1`;
}

function match(name: string, source: string): string {
  return holds(`match(${name}, ${splString(source)})`);
}

/** Whether the words of a search are the same condition, exactly. */
export function searchable(condition: Condition): boolean {
  switch (condition.kind) {
    case "constant":
      return true;
    case "not":
      return searchable(condition.operand);
    case "predicate": {
      const { predicate } = condition;
      const word = predicateOf(predicate, true, SEARCH, { columns: new Map(), reportLoss: () => {} });
      return typeof word === "string" && (predicate.kind !== "text" || ignoresCase(predicate));
    }
    default:
      return condition.operands.every(searchable);
  }
}

function ignoresCase({ insensitive, patterns }: TextPredicate): boolean {
  return insensitive || !patterns.some(({ parts }) => hasLetters(parts));
}

/** @returns `"*\\net.exe"` */
function searchValue(parts: Parts): string | Unsupported {
  let text = "";
  for (const part of parts) {
    if (part.kind === "any") text += "*";
    else if (part.kind === "one") return UNSUPPORTED.searchOneCharacter;
    else if (part.text.includes("*")) return UNSUPPORTED.searchAsterisk;
    else if (!isPlainText(part.text)) return UNSUPPORTED.searchControl;
    else text += part.text;
  }
  return splString(text);
}
