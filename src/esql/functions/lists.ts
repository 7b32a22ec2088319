/** Functions of columns with several values. */
import { compareScalars, keyOf, listOf, textOf, valueOf, type EsqlScalar, type EsqlType, type EsqlValue } from "../value.ts";
import { SAME, type EsqlFunction } from "./function.ts";

const ofList = (
  name: string,
  doc: string,
  compute: (values: readonly EsqlScalar[]) => EsqlValue,
  type: EsqlType | typeof SAME = SAME,
): EsqlFunction => ({
  name,
  arity: [1, 1],
  type,
  doc,
  run: ([value]) => (value === null || value === undefined ? null : compute(listOf(value))),
});

const whole = (value: EsqlValue | undefined): number => Math.trunc(Number(value));
const numbers = (values: readonly EsqlScalar[]): number[] => values.map(Number);
const sum = (values: readonly EsqlScalar[]): number => numbers(values).reduce((total, value) => total + value, 0);
const sorted = (values: readonly EsqlScalar[]): EsqlScalar[] => values.toSorted((a, b) => compareScalars(a, b) || 0);

/** Each value once, in the order in which they came. */
export function distinct(values: readonly EsqlScalar[]): EsqlScalar[] {
  return [...new Map(values.map((value) => [keyOf(value), value])).values()];
}

export const LIST_FUNCTIONS: readonly EsqlFunction[] = [
  ofList("mv_count", "How many values there are.", (values) => values.length, "integer"),
  ofList("mv_first", "The first value.", (values) => values[0]!),
  ofList("mv_last", "The last value.", (values) => values.at(-1)!),
  ofList("mv_min", "The least value.", (values) => sorted(values)[0]!),
  ofList("mv_max", "The greatest value.", (values) => sorted(values).at(-1)!),
  ofList("mv_sum", "The sum of the values.", sum),
  ofList("mv_avg", "The average of the values.", (values) => sum(values) / values.length, "double"),
  ofList("mv_median", "The median of the values.", (values) => {
    const all = numbers(sorted(values));
    const middle = Math.floor(all.length / 2);
    return all.length % 2 === 1 ? all[middle]! : (all[middle - 1]! + all[middle]!) / 2;
  }),
  ofList("mv_dedupe", "Each value once.", (values) => valueOf(distinct(values))),
  {
    name: "mv_sort",
    arity: [1, 2],
    type: SAME,
    doc: "The values in order, `asc` or `desc`.",
    run: ([value, order]) => {
      if (value === null || value === undefined) return null;
      const all = sorted(listOf(value));
      return valueOf(order === "desc" ? all.reverse() : all);
    },
  },
  {
    name: "mv_concat",
    arity: [2, 2],
    type: "text",
    doc: "The values as one text, with a delimiter between them.",
    run: ([value, delimiter]) =>
      value == null || delimiter == null
        ? null
        : listOf(value)
            .map(textOf)
            .join(textOf(delimiter as EsqlScalar)),
  },
  {
    name: "mv_append",
    arity: [2, 2],
    type: SAME,
    doc: "The values of both.",
    run: ([a, b]) => (a == null || b == null ? null : valueOf([...listOf(a), ...listOf(b)])),
  },
  {
    name: "mv_slice",
    arity: [2, 3],
    type: SAME,
    doc: "The values from a position, counted from 0 (negative: from the end), to another that is included.",
    run: ([value, start, end]) => {
      if (value == null || start == null) return null;
      const all = listOf(value);
      const place = (at: number): number => (at < 0 ? all.length + at : at);
      const from = place(whole(start));
      return valueOf(all.slice(Math.max(0, from), place(end == null ? whole(start) : whole(end)) + 1));
    },
  },
  {
    name: "mv_contains",
    arity: [2, 2],
    type: "boolean",
    doc: "Whether all values of the second are among those of the first.",
    run: ([all, some]) => {
      const keys = new Set(listOf(all ?? null).map(keyOf));
      return listOf(some ?? null).every((value) => keys.has(keyOf(value)));
    },
  },
  {
    name: "mv_intersection",
    arity: [2, 2],
    type: SAME,
    doc: "The values that both have.",
    run: ([a, b]) => {
      const keys = new Set(listOf(b ?? null).map(keyOf));
      return valueOf(distinct(listOf(a ?? null).filter((value) => keys.has(keyOf(value)))));
    },
  },
  {
    name: "mv_zip",
    arity: [2, 3],
    type: "text",
    doc: "Pairs of values as texts, with a delimiter, `,` where it is left out.",
    run: ([a, b, delimiter]) => {
      if (a == null || b == null) return null;
      const [left, right] = [listOf(a), listOf(b)];
      const between = delimiter == null ? "," : textOf(delimiter as EsqlScalar);
      return valueOf(
        Array.from({ length: Math.max(left.length, right.length) }, (_, at) =>
          [left[at], right[at]].flatMap((value) => (value === undefined ? [] : [textOf(value)])).join(between),
        ),
      );
    },
  },
];
