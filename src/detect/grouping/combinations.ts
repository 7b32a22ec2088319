import type { FieldAccess, Scalar } from "../../eql/index.ts";
import type { EventDocument } from "../observed.ts";

/** Most combinations of the values of one event, as Elastic Security has it. */
const MAX_COMBINATIONS = 100;

/** One value of each field, in every combination where a field has several; none where one of them is missing. */
export function combinationsOf(accesses: readonly FieldAccess[], event: EventDocument): Scalar[][] {
  let combinations: Scalar[][] = [[]];
  for (const access of accesses) {
    const value = access(event);
    if (value === undefined) return [];
    const values = typeof value === "object" ? [...new Set(value)] : [value];
    combinations = combinations.flatMap((start) => values.map((next) => [...start, next])).slice(0, MAX_COMBINATIONS);
  }
  return combinations;
}

export function combinationKey(values: readonly Scalar[]): string {
  return JSON.stringify(values.map((value) => (typeof value === "bigint" ? String(value) : value)));
}
