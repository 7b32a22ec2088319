export { parseKql, type ParsedKql } from "./parse.ts";
export { printKql } from "./print.ts";
export { kqlFilter, readKql, type KqlFilter } from "./filter.ts";
export { anywherePredicate, existsPredicate, fieldPredicate, isAnalysed, joinPatterns, type BadValue } from "./predicate.ts";
export { KQL_CODES, type KqlCode } from "./codes.ts";
export type { KqlLiteral, KqlMatch, KqlNode, KqlRange, KqlValues } from "./tree.ts";
