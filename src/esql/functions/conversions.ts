/** From one type to another; what cannot be read is null, with a warning. Lists are converted value by value. */
import { parseAddress } from "../../eql/index.ts";
import { EsqlDate, listOf, textOf, toDate, valueOf, type EsqlScalar, type EsqlType, type EsqlValue } from "../value.ts";
import type { EsqlFunction, RunContext } from "./function.ts";

type Convert = (value: EsqlScalar) => EsqlScalar | undefined;

const conversion = (names: readonly string[], type: EsqlType, doc: string, convert: Convert): EsqlFunction[] =>
  names.map((name) => ({
    name,
    arity: [1, 1],
    type,
    doc,
    run: ([value]: readonly EsqlValue[], { warn }: RunContext) => {
      const converted = listOf(value ?? null).map((one) => {
        const result = convert(one);
        if (result === undefined) warn(`${name}: a value cannot be converted`);
        return result;
      });
      return valueOf(converted.filter((one) => one !== undefined));
    },
  }));

function numberOf(value: EsqlScalar): number | bigint | undefined {
  if (value instanceof EsqlDate) return value.ms;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "number" || typeof value === "bigint") return value;
  const number = value.trim() === "" ? Number.NaN : Number(value);
  return Number.isFinite(number) ? number : undefined;
}

function wholeNumber(value: EsqlScalar): number | bigint | undefined {
  const number = numberOf(value);
  return typeof number === "number" ? Math.round(number) : number;
}

const read = new Uint32Array(4);

function address(value: EsqlScalar): string | undefined {
  const text = textOf(value);
  return parseAddress(text, read) ? text : undefined;
}

export const CONVERSIONS: readonly EsqlFunction[] = [
  ...conversion(["to_string", "to_keyword", "to_text", "to_version"], "text", "As a text.", textOf),
  ...conversion(["to_integer", "to_int", "to_long", "to_unsigned_long"], "integer", "As a whole number.", wholeNumber),
  ...conversion(["to_double", "to_dbl"], "double", "As a number with decimals.", (value) => {
    const number = numberOf(value);
    return number === undefined ? undefined : Number(number);
  }),
  ...conversion(["to_boolean", "to_bool"], "boolean", "As a boolean: `true` in any case, or a number other than 0.", (value) =>
    typeof value === "boolean"
      ? value
      : typeof value === "string"
        ? value.toLowerCase() === "true"
        : value instanceof EsqlDate
          ? undefined
          : value != 0,
  ),
  ...conversion(["to_datetime", "to_date", "to_dt", "to_date_nanos"], "date", "As a date.", toDate),
  ...conversion(["to_ip"], "text", "As an address.", address),
];
