/** DuckDB; columns are named as ECS names the fields. Facts (DuckDB's documentation): `LIKE` matches line breaks, `regexp_matches` is RE2, lists are asked by lambdas. */
import { either } from "../../dialect.ts";
import { CONTROL, isPlainText } from "../../plain-text.ts";
import { lowerCase } from "../../patterns.ts";
import type { Platform } from "../../translation.ts";
import { UNSUPPORTED } from "../../unsupported.ts";
import { translateSql } from "./sql.ts";
import type { SqlFlavour } from "./sql-dialect.ts";

/** In standard strings nothing but the quote is special, and there are no escapes: what cannot be seen is put in by its code. */
export function sqlString(text: string): string {
  const parts = text.split(new RegExp(`(${CONTROL.source})`)).filter((part) => part !== "");
  const literals = parts.map((part) => (isPlainText(part) ? `'${part.replaceAll("'", "''")}'` : `chr(${part.codePointAt(0)!})`));
  return literals.length === 0 ? "''" : either(literals, "||");
}

export function duckdbName(field: string): string {
  return `"${field.replaceAll('"', '""')}"`;
}

const FLAVOUR: SqlFlavour = {
  name: duckdbName,
  lower: (text) => `lower(${text})`,
  regex: (text, source, flags) => `regexp_matches(${text}, ${sqlString(source)}${flags === "" ? "" : `, '${flags}'`})`,
  like: (text, pattern, insensitive) =>
    `${insensitive ? `lower(${text})` : text} LIKE ${insensitive ? sqlString(lowerCase(pattern)) : sqlString(pattern)}${pattern.includes("!") ? " ESCAPE '!'" : ""}`,
  some: (list, predicate) => `len(list_filter(${list}, lambda x: ${predicate})) > 0`,
  has: (list, literal) => `list_contains(${list}, ${literal})`,
  notEmpty: (list) => `len(${list}) > 0`,
  cidr: (address, block) => {
    if (block.includes(":")) return block.endsWith("/128") ? `${address} = ${sqlString(block.slice(0, -4))}` : UNSUPPORTED.ipv6Range;
    const [base, length] = block.split("/") as [string, string?];
    const bits = Number(length ?? "32");
    const octets = base.split(".");
    // An address of IPv4 that is mapped into IPv6 is that of IPv4.
    const four = `replace(${address}, '::ffff:', '')`;
    if (bits === 32) return `${four} = ${sqlString(base)}`;
    if (bits > 0 && bits % 8 === 0) return `${four} LIKE ${sqlString(`${octets.slice(0, bits / 8).join(".")}.%`)}`;
    const size = 2 ** (32 - bits);
    const start = octets.reduce((sum, octet) => sum * 256 + Number(octet), 0);
    const value = [16_777_216, 65_536, 256, 1]
      .map((factor, at) => `TRY_CAST(split_part(${four}, '.', ${at + 1}) AS BIGINT) * ${factor}`)
      .join(" + ");
    return `${value} BETWEEN ${start - (start % size)} AND ${start - (start % size) + size - 1}`;
  },
  text: (value) => `CAST(${value} AS VARCHAR)`,
  number: (value, whole) => `TRY_CAST(${value} AS ${whole ? "BIGINT" : "DOUBLE"})`,
  length: (text) => `length(${text})`,
  string: sqlString,
  // A literal of INTERVAL takes 32 bits.
  time: (milliseconds) => `to_milliseconds(${milliseconds})`,
  lastBefore: (value) => `last_value(${value} IGNORE NULLS)`,
};

export const duckdb = {
  title: "DuckDB SQL (ECS columns)",
  extension: "sql",
  checked: "executed",
  translate: (request) => translateSql(request, FLAVOUR),
} as const satisfies Platform;
