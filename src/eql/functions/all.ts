// Every function of the language, a line each, in the order of their names.
export { add } from "./add.ts";
export { between } from "./between.ts";
export { cidrMatch } from "./cidr-match.ts";
export { concat } from "./concat.ts";
export { divide } from "./divide.ts";
export { endsWith } from "./ends-with.ts";
export { indexOf } from "./index-of.ts";
export { length } from "./length.ts";
export { modulo } from "./modulo.ts";
export { multiply } from "./multiply.ts";
export { number } from "./number.ts";
export { startsWith } from "./starts-with.ts";
export { stringContains } from "./string-contains.ts";
export { string } from "./string.ts";
export { substring } from "./substring.ts";
export { subtract } from "./subtract.ts";
