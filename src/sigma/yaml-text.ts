/** YAML that readers of YAML 1.1 (PyYAML, SnakeYAML, Go's) and of YAML 1.2 read alike, whatever the texts in it are. */
import { Document, isScalar, Scalar, visit, type ToStringOptions } from "yaml";

/**
 * Characters that YAML 1.1 takes for line breaks (U+0085, U+2028, U+2029), reads otherwise or does not allow: in a plain or quoted scalar they would end
 * the line, and what follows would be a key of its own. In double quotes they are written as escapes.
 */
const UNSAFE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]|\p{Surrogate}/u;

/** Blanks and empty lines at the ends of a text of several lines, of which readers of block scalars make different things. */
const BLANK_ENDS = /^\s[^]*\n|^\n|[\n ]\n$|\n[^]* $/;

/** Texts that YAML 1.1 reads as a truth value, a number (also in base 60: `1:20`) or a sign of its own. Dates are as good either way. */
const OTHER_VALUE =
  /^(?:y|n|yes|no|on|off|=|<<|[-+]?0b[01_]+|[-+]?0x[\da-f_]+|[-+]?[\d_,]+(?:\.[\d_]*)?(?:e[-+]?\d+)?|[-+]?[\d_]+(?::[0-5]?\d)+(?:\.\d*)?)$/i;

export type YamlOptions = Pick<ToStringOptions, "singleQuote" | "directives">;

/** @param value plain data. */
export function yamlText(value: unknown, options: YamlOptions = {}): string {
  return yamlDocumentText(new Document(value, { version: "1.2" }), options);
}

/** A document as text. Its unsafe texts are in double quotes afterwards. */
export function yamlDocumentText(document: Document | Document.Parsed, options: YamlOptions = {}): string {
  visit(document, (_, node) => {
    if (isScalar(node) && typeof node.value === "string" && (UNSAFE.test(node.value) || BLANK_ENDS.test(node.value)))
      node.type = Scalar.QUOTE_DOUBLE;
    else if (isScalar(node) && typeof node.value === "string" && OTHER_VALUE.test(node.value)) node.type = Scalar.QUOTE_SINGLE;
  });
  const text = document.toString({ lineWidth: 0, doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER, ...options });
  return text.replaceAll(new RegExp(UNSAFE, "gu"), (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
