export { parseLucene, type ParsedLucene } from "./parse.ts";
export { printLucene } from "./print.ts";
export { luceneFilter, readLucene, type LuceneFilter } from "./filter.ts";
export { LUCENE_CODES, type LuceneCode } from "./codes.ts";
export type { LuceneClause, LuceneNode, LuceneTerm, LuceneValue } from "./tree.ts";
