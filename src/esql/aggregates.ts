/** Functions that make one value of the values of many rows. */
import { compareScalars, keyOf, listOf, valueOf, type EsqlScalar, type EsqlType, type EsqlValue } from "./value.ts";

/** What one aggregate knows of one group. */
export interface Accumulator {
  /** The arguments of one row. */
  add(values: readonly EsqlValue[]): void;
  result(): EsqlValue;
  /** Values that are held, for the bound of memory. */
  readonly held: number;
}

export interface EsqlAggregate {
  /** In lower case. */
  readonly name: string;
  readonly arity: readonly [number, number];
  readonly type: EsqlType | ((types: readonly EsqlType[]) => EsqlType);
  readonly doc: string;
  readonly start: () => Accumulator;
}

const SAME = (types: readonly EsqlType[]): EsqlType => types[0] ?? "unknown";

/** Folds numbers, or any values, into a state of bounded size. */
function folded<State>(
  state: State,
  add: (state: State, value: EsqlScalar) => State,
  result: (state: State) => EsqlValue,
): () => Accumulator {
  return () => {
    let current = state;
    return {
      held: 1,
      add: ([value]) => {
        for (const one of listOf(value ?? null)) current = add(current, one);
      },
      result: () => result(current),
    };
  };
}

/** Values that are kept, each once or all of them. */
class Kept implements Accumulator {
  readonly values = new Map<string, EsqlScalar>();
  readonly #unique: boolean;
  readonly #finish: (values: readonly EsqlScalar[], args: readonly EsqlValue[]) => EsqlValue;
  #last: readonly EsqlValue[] = [];

  constructor(unique: boolean, finish: (values: readonly EsqlScalar[], args: readonly EsqlValue[]) => EsqlValue) {
    this.#unique = unique;
    this.#finish = finish;
  }

  get held(): number {
    return this.values.size;
  }

  add(values: readonly EsqlValue[]): void {
    this.#last = values;
    for (const one of listOf(values[0] ?? null)) {
      const key = this.#unique ? keyOf(one) : String(this.values.size);
      if (!this.values.has(key)) this.values.set(key, one);
    }
  }

  result(): EsqlValue {
    return this.#finish([...this.values.values()], this.#last);
  }
}

const numbers = (values: readonly EsqlScalar[]): number[] => values.map(Number).sort((a, b) => a - b);

/** Between the two nearest, as `percentile_cont` of SQL has it. */
function percentile(values: readonly EsqlScalar[], percent: number): EsqlValue {
  if (values.length === 0) return null;
  const all = numbers(values);
  const place = ((all.length - 1) * percent) / 100;
  const low = Math.floor(place);
  return all[low]! + (all[Math.min(low + 1, all.length - 1)]! - all[low]!) * (place - low);
}

/** The value of the row with the least, or greatest, of another column. */
function edge(wins: (order: number) => boolean): () => Accumulator {
  return () => {
    let best: { readonly value: EsqlValue; readonly by: EsqlScalar } | null = null;
    return {
      held: 1,
      add: ([value, by]) => {
        if (value === null || value === undefined) return;
        for (const one of listOf(by ?? null)) if (best === null || wins(compareScalars(one, best.by))) best = { value, by: one };
      },
      result: () => best?.value ?? null,
    };
  };
}

const sum = (
  name: string,
  doc: string,
  result: (total: number, count: number) => EsqlValue,
  type: EsqlAggregate["type"],
): EsqlAggregate => ({
  name,
  arity: [1, 1],
  type,
  doc,
  start: folded(
    { total: 0, count: 0 },
    ({ total, count }, value) => ({ total: total + Number(value), count: count + 1 }),
    ({ total, count }) => (count === 0 ? null : result(total, count)),
  ),
});

const extreme = (name: string, doc: string, wins: (order: number) => boolean): EsqlAggregate => ({
  name,
  arity: [1, 1],
  type: SAME,
  doc,
  start: folded<EsqlScalar | null>(
    null,
    (best, value) => (best === null || wins(compareScalars(value, best)) ? value : best),
    (best) => best,
  ),
});

export const ESQL_AGGREGATES: readonly EsqlAggregate[] = [
  {
    name: "count",
    arity: [0, 1],
    type: "integer",
    doc: "How many rows (`count(*)`), or how many values of a column.",
    start: () => {
      let count = 0;
      return {
        held: 1,
        add: (values) => {
          count += values.length === 0 ? 1 : listOf(values[0]!).length;
        },
        result: () => count,
      };
    },
  },
  {
    name: "count_distinct",
    arity: [1, 2],
    type: "integer",
    doc: "How many different values; exact, where Elasticsearch estimates.",
    start: () => new Kept(true, (values) => values.length),
  },
  {
    name: "values",
    arity: [1, 1],
    type: SAME,
    doc: "Each value once, in the order in which they came.",
    start: () => new Kept(true, valueOf),
  },
  sum("sum", "The sum of the values.", (total) => total, SAME),
  sum("avg", "The average of the values.", (total, count) => total / count, "double"),
  extreme("min", "The least value.", (order) => order < 0),
  extreme("max", "The greatest value.", (order) => order > 0),
  {
    name: "median",
    arity: [1, 1],
    type: "double",
    doc: "The median of the values.",
    start: () => new Kept(false, (values) => percentile(values, 50)),
  },
  {
    name: "percentile",
    arity: [2, 2],
    type: "double",
    doc: "The value below which so many of a hundred lie.",
    start: () => new Kept(false, (values, args) => percentile(values, Number(args[1]))),
  },
  {
    name: "std_dev",
    arity: [1, 1],
    type: "double",
    doc: "The standard deviation of the whole population.",
    start: () =>
      new Kept(false, (values) => {
        if (values.length === 0) return null;
        const all = numbers(values);
        const mean = all.reduce((total, value) => total + value, 0) / all.length;
        return Math.sqrt(all.reduce((total, value) => total + (value - mean) ** 2, 0) / all.length);
      }),
  },
  {
    name: "top",
    arity: [3, 3],
    type: SAME,
    doc: "The first values in the order `asc` or `desc`.",
    start: () =>
      new Kept(false, (values, [, limit, order]) => {
        const all = values.toSorted((a, b) => compareScalars(a, b) || 0);
        return valueOf((order === "desc" ? all.reverse() : all).slice(0, Number(limit)));
      }),
  },
  {
    name: "first",
    arity: [2, 2],
    type: SAME,
    doc: "The value of the row with the least of another column.",
    start: edge((order) => order < 0),
  },
  {
    name: "last",
    arity: [2, 2],
    type: SAME,
    doc: "The value of the row with the greatest of another column.",
    start: edge((order) => order >= 0),
  },
];

const BY_NAME: ReadonlyMap<string, EsqlAggregate> = new Map(ESQL_AGGREGATES.map((found) => [found.name, found]));

/** @param name in lower case. */
export function esqlAggregate(name: string): EsqlAggregate | undefined {
  return BY_NAME.get(name);
}
