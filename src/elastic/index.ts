export { loadElastic, UNSUPPORTED, type ElasticOrigin, type ElasticRules, type LoadElasticOptions } from "./load.ts";
export { esqlGrouping } from "./pipeline.ts";
export { looksElastic, type ElasticFile } from "./documents.ts";
export type { RuleContent as ElasticContent } from "./schema.ts";
export { exceptedEvents } from "./exceptions.ts";
