export { loadElastic, UNSUPPORTED, type ElasticRules, type LoadElasticOptions } from "./load.ts";
export { looksElastic, type ElasticFile } from "./documents.ts";
