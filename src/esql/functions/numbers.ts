/** Functions of numbers. */
import type { EsqlType, EsqlValue } from "../value.ts";
import { SAME, scalar, type EsqlFunction } from "./function.ts";

const math = (name: string, doc: string, compute: (value: number) => number, type: EsqlType | typeof SAME = "double"): EsqlFunction => ({
  name,
  arity: [1, 1],
  type,
  doc,
  run: scalar(([value], { warn }) => finite(compute(Number(value)), warn)),
});

function finite(value: number, warn: (reason: string) => void): EsqlValue {
  if (Number.isFinite(value)) return value;
  warn("the result is no number");
  return null;
}

export const NUMBER_FUNCTIONS: readonly EsqlFunction[] = [
  math("abs", "The value without its sign.", Math.abs, SAME),
  math("ceil", "The next whole number upwards.", Math.ceil, SAME),
  math("floor", "The next whole number downwards.", Math.floor, SAME),
  math("sqrt", "The square root.", Math.sqrt),
  math("exp", "The power of e.", Math.exp),
  math("log10", "The logarithm to the base 10.", Math.log10),
  math("signum", "-1, 0 or 1.", Math.sign),
  {
    name: "log",
    arity: [1, 2],
    type: "double",
    doc: "The natural logarithm, or the one to a base.",
    run: scalar(([base, value], { warn }) =>
      finite(value === undefined ? Math.log(Number(base)) : Math.log(Number(value)) / Math.log(Number(base)), warn),
    ),
  },
  {
    name: "pow",
    arity: [2, 2],
    type: "double",
    doc: "The power.",
    run: scalar(([base, power], { warn }) => finite(Number(base) ** Number(power), warn)),
  },
  {
    name: "round",
    arity: [1, 2],
    type: SAME,
    doc: "Rounded to so many decimals, none where it is left out; halves away from zero.",
    run: scalar(([value, decimals]) => {
      const factor = 10 ** Number(decimals ?? 0);
      const number = Number(value);
      return (Math.sign(number) * Math.round(Math.abs(number) * factor)) / factor;
    }),
  },
  { name: "pi", arity: [0, 0], type: "double", doc: "The number pi.", run: () => Math.PI },
  { name: "e", arity: [0, 0], type: "double", doc: "Euler's number.", run: () => Math.E },
];
