/** Names and texts of ES|QL. */

/** Keywords: as names they need back quotes. */
const WORDS: ReadonlySet<string> = new Set([
  "and",
  "or",
  "not",
  "in",
  "is",
  "like",
  "rlike",
  "null",
  "true",
  "false",
  "by",
  "as",
  "on",
  "with",
  "asc",
  "desc",
  "nulls",
  "first",
  "last",
  "metadata",
  "where",
  "info",
]);

/** `process.name`; back quotes around parts that hold more than letters, digits, `_` and `@`. */
export function esqlField(name: string): string {
  return name
    .split(".")
    .map((part) => (/^[A-Za-z_@][A-Za-z0-9_]*$/.test(part) && !WORDS.has(part.toLowerCase()) ? part : `\`${part.replaceAll("`", "``")}\``))
    .join(".");
}

/** Three quotes where that saves backslashes: nothing is escaped in them, and they hold no line breaks. */
export function esqlString(text: string): string {
  if (/[\\"]/.test(text) && !/[\r\n]|"""/.test(text) && !text.startsWith('"') && !text.endsWith('"')) return `"""${text}"""`;
  return `"${text.replaceAll(/["\\\n\r\t]/g, (char) => ESCAPES[char]!)}"`;
}

const ESCAPES: { readonly [char: string]: string | undefined } = {
  '"': String.raw`\"`,
  "\\": String.raw`\\`,
  "\n": String.raw`\n`,
  "\r": String.raw`\r`,
  "\t": String.raw`\t`,
};

/** An index pattern, in quotes where it needs them. */
export function esqlSource(pattern: string): string {
  return /^[a-z0-9][a-z0-9._*-]*$/.test(pattern) ? pattern : esqlString(pattern);
}
