import * as all from "./all.ts";
import type { EqlFunction } from "./function.ts";

/** Every function of the language. */
export const FUNCTIONS: readonly EqlFunction[] = Object.values(all);

const BY_NAME: ReadonlyMap<string, EqlFunction> = new Map(FUNCTIONS.map((found) => [found.name.toLowerCase(), found]));

/** The function of that name, in any case; undefined where there is none. */
export function findFunction(name: string): EqlFunction | undefined {
  return BY_NAME.get(name.toLowerCase());
}
