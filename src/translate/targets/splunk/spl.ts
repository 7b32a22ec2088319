/**
 * Splunk's search language: words of the `search` command, which ignore case and know `*` only, and expressions of `eval` and `where`,
 * which mind the case and are null where a field is missing.
 *
 * A search's `NOT field=x` keeps events without the field, which is what `not` means here; in expressions `if` makes it so, whose
 * condition alone is documented to be of truth values.
 */
import type { WildcardPart } from "../../../eql/index.ts";
import type { Unsupported } from "../../fold.ts";
import type { Formula, Test, TextTest } from "../../formula.ts";
import type { Infix } from "../../infix.ts";
import { needsDotAll, pcreOf, pcreOfParts } from "../../regex/pcre.ts";

/** A text within double quotes. */
export function splString(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

/** A field's name where it stands in an expression: anything but word characters needs single quotes. */
function inExpression(field: string): string {
  return /^\w+$/.test(field) ? field : `'${field}'`;
}

export const SEARCH: Infix = { and: "AND", or: "OR", not: (operand) => `NOT ${operand}`, indent: "    ", test: searchTest };
export const EXPRESSION: Infix = {
  and: "AND",
  or: "OR",
  not: (operand) => (operand.startsWith("(") && operand.endsWith(")") ? `NOT ${operand}` : `NOT (${operand})`),
  indent: "    ",
  test: expressionTest,
};

/** Whether the words of a search say a condition exactly. */
export function searchable(formula: Formula): boolean {
  switch (formula.kind) {
    case "constant":
      return true;
    case "not":
      return searchable(formula.operand);
    case "test":
      return typeof searchTest(formula.test) === "string" && (formula.test.kind !== "text" || exact(formula.test));
    default:
      return formula.operands.every(searchable);
  }
}

function exact(test: TextTest): boolean {
  return (
    test.insensitive || test.patterns.every(({ parts }) => parts.every((part) => part.kind !== "literal" || !/\p{L}/u.test(part.text)))
  );
}

function searchTest(test: Test): string | Unsupported {
  switch (test.kind) {
    case "text": {
      const values: string[] = [];
      for (const { parts } of test.patterns) {
        const value = searchValue(parts);
        if (typeof value !== "string") return value;
        values.push(value);
      }
      return values.length === 1 ? `${test.field}=${values[0]!}` : `${test.field} IN (${values.join(", ")})`;
    }
    case "value":
      if (typeof test.value === "string") return { unsupported: "Texts are not put in order by a search" };
      return `${test.field}${test.op === "==" ? "=" : test.op}${typeof test.value === "boolean" ? splString(String(test.value)) : test.value}`;
    case "exists":
      return `${test.field}=*`;
    case "cidr":
      return test.blocks.length === 1
        ? `${test.field}="${test.blocks[0]}"`
        : `(${test.blocks.map((block) => `${test.field}="${block}"`).join(" OR ")})`;
    case "regex":
      return { unsupported: "A search has no regular expressions" };
    case "any-field":
      return { unsupported: "Words that are looked for in every field are index terms in Splunk", advice: "Name the fields." };
    case "computed":
      return { unsupported: "Computed values are not carried over" };
  }
}

/** @returns `"*\\net.exe"` */
export function searchValue(parts: readonly WildcardPart[]): string | Unsupported {
  let text = "";
  for (const part of parts) {
    if (part.kind === "any") text += "*";
    else if (part.kind === "one") return { unsupported: "A search has no wildcard for one character" };
    else if (part.text.includes("*")) return { unsupported: "A search takes every `*` for a wildcard" };
    else text += part.text;
  }
  return splString(text);
}

function expressionTest(test: Test): string | Unsupported {
  const sure = (expression: string): string => `if(${expression}, 1, 0)==1`;
  switch (test.kind) {
    case "text": {
      const field = inExpression(test.field);
      const plain: string[] = [];
      const sources: string[] = [];
      let dotAll = false;
      let exists = false;
      for (const { parts } of test.patterns) {
        const [only] = parts;
        if (parts.length === 1 && only!.kind === "any") exists = true;
        else if (!test.insensitive && parts.length === 1 && only!.kind === "literal") plain.push(splString(only!.text));
        else {
          sources.push(pcreOfParts(parts));
          dotAll ||= needsDotAll(parts);
        }
      }
      if (exists) return `isnotnull(${field})`;
      const parts: string[] = [];
      if (plain.length > 0) parts.push(sure(`in(${field}, ${plain.join(", ")})`));
      const flags = `${test.insensitive ? "i" : ""}${dotAll ? "s" : ""}`;
      if (sources.length > 0) parts.push(sure(`match(${field}, ${splString(`${flags === "" ? "" : `(?${flags})`}${sources.join("|")}`)})`));
      return parts.length === 1 ? parts[0]! : `(${parts.join(" OR ")})`;
    }
    case "regex": {
      const parts: string[] = [];
      for (const pattern of test.patterns) {
        const told = pcreOf(pattern, test.insensitive);
        if ("unsupported" in told) return told;
        parts.push(
          sure(`match(${inExpression(test.field)}, ${splString(`${told.flags === "" ? "" : `(?${told.flags})`}${told.source}`)})`),
        );
      }
      return parts.length === 1 ? parts[0]! : `(${parts.join(" OR ")})`;
    }
    case "value": {
      if (typeof test.value === "string") return { unsupported: "Texts are not put in order here" };
      if (typeof test.value === "boolean") return sure(`lower(${inExpression(test.field)})=="${test.value}"`);
      return sure(`tonumber(${inExpression(test.field)})${test.op}${test.value}`);
    }
    case "exists":
      return `isnotnull(${inExpression(test.field)})`;
    case "cidr": {
      const calls = test.blocks.map((block) => sure(`cidrmatch("${block}", ${inExpression(test.field)})`));
      return calls.length === 1 ? calls[0]! : `(${calls.join(" OR ")})`;
    }
    default:
      return searchTest(test);
  }
}
