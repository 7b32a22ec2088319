/** Every function of single rows. */
import { CONDITION_FUNCTIONS } from "./conditions.ts";
import { CONVERSIONS } from "./conversions.ts";
import { DATE_FUNCTIONS } from "./dates.ts";
import type { EsqlFunction } from "./function.ts";
import { LIST_FUNCTIONS } from "./lists.ts";
import { NUMBER_FUNCTIONS } from "./numbers.ts";
import { PLACE_FUNCTIONS } from "./places.ts";
import { TEXT_FUNCTIONS } from "./text.ts";

export const ESQL_FUNCTIONS: readonly EsqlFunction[] = [
  ...TEXT_FUNCTIONS,
  ...NUMBER_FUNCTIONS,
  ...DATE_FUNCTIONS,
  ...LIST_FUNCTIONS,
  ...CONVERSIONS,
  ...CONDITION_FUNCTIONS,
  ...PLACE_FUNCTIONS,
];

const BY_NAME: ReadonlyMap<string, EsqlFunction> = new Map(ESQL_FUNCTIONS.map((found) => [found.name, found]));

/** @param name in lower case. */
export function esqlFunction(name: string): EsqlFunction | undefined {
  return BY_NAME.get(name);
}
