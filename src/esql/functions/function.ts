import type { EventDocument } from "../../eql/index.ts";
import type { EsqlType, EsqlValue } from "../value.ts";

export interface RunContext {
  /** Epoch milliseconds that `now()` is. */
  readonly now: number;
  /** A value could not be computed (a text that is no number, a pattern too complex): it is null. */
  readonly warn: (reason: string) => void;
}

/** Arguments as they come, lists included. */
export type Run = (values: readonly EsqlValue[], context: RunContext, event: EventDocument | null) => EsqlValue;

export interface EsqlFunction {
  /** In lower case. */
  readonly name: string;
  /** Least and most arguments. */
  readonly arity: readonly [number, number];
  readonly type: EsqlType | ((types: readonly EsqlType[]) => EsqlType);
  /** One sentence for the reference. */
  readonly doc: string;
  readonly run: Run;
}

/** A function of single values: null where an argument is missing or a list. */
export function scalar(compute: (values: readonly NonNullable<EsqlValue>[], context: RunContext) => EsqlValue): Run {
  return (values, context) => {
    for (const value of values) if (value === null || Array.isArray(value)) return null;
    return compute(values as readonly NonNullable<EsqlValue>[], context);
  };
}

/** The type of the first argument. */
export const SAME = (types: readonly EsqlType[]): EsqlType => types[0] ?? "unknown";
