export { isPlatformName, PLATFORM_NAMES, PLATFORMS, type PlatformName } from "./platforms.ts";
export type { Attack, DeployFile, Platform, TranslationRequest, RuleException, RuleMetadata, Translation } from "./translation.ts";
export { effectOf, LossList } from "./loss-list.ts";
export { navigatorLayer } from "./navigator.ts";
export { KIBANA_LINE } from "./targets/elastic/kibana-schema.ts";
export { kibanaEqlRule } from "./targets/elastic/kibana-eql.ts";
export { kibanaNdjson, type KibanaDocument } from "./targets/elastic/kibana-document.ts";
export { sharedExceptions, type SharedExceptions } from "./targets/elastic/kibana-exceptions.ts";
