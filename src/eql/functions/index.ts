import { add } from "./add.ts";
import { between } from "./between.ts";
import { cidrMatch } from "./cidr-match.ts";
import { concat } from "./concat.ts";
import { divide } from "./divide.ts";
import { endsWith } from "./ends-with.ts";
import type { EqlFunction } from "./function.ts";
import { indexOf } from "./index-of.ts";
import { length } from "./length.ts";
import { modulo } from "./modulo.ts";
import { multiply } from "./multiply.ts";
import { number } from "./number.ts";
import { startsWith } from "./starts-with.ts";
import { stringContains } from "./string-contains.ts";
import { string } from "./string.ts";
import { substring } from "./substring.ts";
import { subtract } from "./subtract.ts";

/** The name of a function, as Elasticsearch spells it. */
export type FunctionName =
  | "add"
  | "between"
  | "cidrmatch"
  | "concat"
  | "divide"
  | "endswith"
  | "indexof"
  | "length"
  | "modulo"
  | "multiply"
  | "number"
  | "startswith"
  | "string"
  | "stringcontains"
  | "substring"
  | "subtract";

/** Every function of the language, by its lower-case name. */
export const FUNCTIONS = {
  add,
  between,
  cidrmatch: cidrMatch as EqlFunction,
  concat,
  divide,
  endswith: endsWith as EqlFunction,
  indexof: indexOf,
  length,
  modulo,
  multiply,
  number,
  startswith: startsWith as EqlFunction,
  string,
  stringcontains: stringContains,
  substring,
  subtract,
} as const satisfies Record<FunctionName, EqlFunction>;

/** The function of that name, in any case; undefined where there is none. */
export function findFunction(name: string): EqlFunction | undefined {
  const key = name.toLowerCase();
  return Object.hasOwn(FUNCTIONS, key) ? FUNCTIONS[key as FunctionName] : undefined;
}
