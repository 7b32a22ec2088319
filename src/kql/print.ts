/** Tree -> text in its canonical layout: one line, parentheses only where they change what is meant. */
import { isBlank } from "./blank.ts";
import type { KqlJunction, KqlLiteral, KqlNegation, KqlNode, KqlValues } from "./tree.ts";

export function printKql(node: KqlNode): string {
  switch (node.kind) {
    case "everything":
      return "";
    case "and":
    case "or":
      return junction(node, printKql);
    case "not":
      return negation(node, printKql);
    case "match": {
      const values = node.values.kind === "literal" ? literal(node.values) : `(${valuesText(node.values)})`;
      return node.field === null ? values : `${literal(node.field)}:${values}`;
    }
    case "range":
      return `${literal(node.field)} ${node.op} ${literal(node.value)}`;
    case "nested":
      return `${literal(node.field)}:{ ${printKql(node.query)} }`;
  }
}

function valuesText(values: KqlValues): string {
  switch (values.kind) {
    case "literal":
      return literal(values);
    case "not":
      return negation(values, valuesText);
    default:
      return junction(values, valuesText);
  }
}

/** `or` within `and`, and what is of the same kind but a node of its own, need parentheses. */
function junction<Operand extends { readonly kind: string }>(node: KqlJunction<Operand>, text: (operand: Operand) => string): string {
  return node.operands
    .map((operand) => (operand.kind === "or" || operand.kind === node.kind ? `(${text(operand)})` : text(operand)))
    .join(` ${node.kind} `);
}

function negation<Operand extends { readonly kind: string }>(node: KqlNegation<Operand>, text: (operand: Operand) => string): string {
  const { kind } = node.operand;
  const inside = text(node.operand);
  return kind === "and" || kind === "or" || kind === "not" ? `not (${inside})` : `not ${inside}`;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\t", "\\t"],
  ["\r", "\\r"],
  ["\n", "\\n"],
]);

function literal({ form, parts }: KqlLiteral): string {
  if (form === "quoted")
    return `"${parts.map((part) => (part.kind === "literal" ? part.text.replaceAll(/["\\]/g, String.raw`\$&`).replaceAll(/[\t\r\n]/g, escaped) : "*")).join("")}"`;
  let text = "";
  for (const part of parts) text += part.kind === "literal" ? unquoted(part.text) : "*";
  // A word that would be read as an operator. `\not` would be a line break and `ot`.
  return text
    .replaceAll(/(?<=^|\s)(?:and|or)(?=[\s(]|$)/gi, String.raw`\$&`)
    .replaceAll(/(?<=^|\s)n(?=ot(?:[\s(]|$))/gi, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`);
}

function unquoted(text: string): string {
  return text.replaceAll(/[\\():<>"*{}]/g, String.raw`\$&`).replaceAll(/[\t\r\n]/g, escaped);
}

function escaped(char: string): string {
  return ESCAPES.get(char)!;
}

/** Whether a literal can be written without quotes: something is left of it when blanks at its ends are dropped. */
export function canBeUnquoted({ parts }: KqlLiteral): boolean {
  const [first] = parts;
  const last = parts.at(-1);
  if (first === undefined || last === undefined) return false;
  return !(first.kind === "literal" && isBlank(first.text[0]!)) && !(last.kind === "literal" && isBlank(last.text.at(-1)!));
}
