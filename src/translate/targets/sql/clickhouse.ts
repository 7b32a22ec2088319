/**
 * ClickHouse. Columns are `Nullable(String)`, `Nullable(Int64)`, .. and `Array(String)`, named with underscores: ClickHouse takes arrays
 * of one dotted prefix for parts of one nested structure, which must be of equal length. Facts (ClickHouse's documentation): a
 * backslash escapes in strings and in `LIKE`; `match` is RE2 with the dot matching line breaks; `arrayExists` takes a lambda.
 */
import { CONTROL } from "../../plain-text.ts";
import { translateSql } from "./sql.ts";
import type { SqlFlavour } from "./sql-dialect.ts";
import type { Platform } from "../../translation.ts";

export function clickhouseString(text: string): string {
  return `'${text.replaceAll(/[\\']/g, String.raw`\$&`).replaceAll(CONTROLS, bytesOf)}'`;
}

const CONTROLS = new RegExp(CONTROL.source, "g");

/** As its bytes in UTF-8: `\\xE2\\x80\\xA8`. */
function bytesOf(char: string): string {
  const bytes = encodeURIComponent(char).startsWith("%") ? encodeURIComponent(char).slice(1).split("%") : [char.charCodeAt(0).toString(16)];
  return bytes.map((byte) => `\\x${byte}`).join("");
}

export function clickhouseName(field: string): string {
  return `"${field.replaceAll(".", "_").replaceAll(/[\\"]/g, String.raw`\$&`)}"`;
}

const FLAVOUR: SqlFlavour = {
  name: clickhouseName,
  lower: (text) => `lowerUTF8(${text})`,
  regex: (text, source, flags) =>
    `match(${text}, ${clickhouseString(`${flags.includes("s") ? "" : "(?-s)"}${flags.includes("i") ? "(?i)" : ""}${source}`)})`,
  // The backslash is the only escape: `!` is replaced by it.
  like: (text, pattern, insensitive) =>
    `${text} ${insensitive ? "ILIKE" : "LIKE"} ${clickhouseString(pattern.replaceAll("\\", String.raw`\\`).replaceAll(/!([!%_])/g, (_, char: string) => (char === "!" ? "!" : `\\${char}`)))}`,
  some: (list, predicate) => `arrayExists(x -> ${predicate}, ${list})`,
  has: (list, literal) => `has(${list}, ${literal})`,
  notEmpty: (list) => `notEmpty(${list})`,
  cidr: (address, block) => `isIPAddressInRange(${address}, ${clickhouseString(block)})`,
  text: (value) => `toString(${value})`,
  number: (value, whole) => `${whole ? "toInt64OrNull" : "toFloat64OrNull"}(${value})`,
  length: (text) => `lengthUTF8(${text})`,
  string: clickhouseString,
  time: (milliseconds) => `INTERVAL ${milliseconds} MILLISECOND`,
  lastBefore: (value) => `last_value(${value}) IGNORE NULLS`,
};

export const clickhouse = {
  title: "ClickHouse SQL (ECS columns)",
  extension: "sql",
  checked: "text",
  translate: (request) => translateSql(request, FLAVOUR),
} as const satisfies Platform;
