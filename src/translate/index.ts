export { PLATFORMS, type PlatformName } from "./platforms.ts";
export {
  effectOf,
  type Attack,
  type DeployFile,
  type Platform,
  type TranslationRequest,
  type RuleException,
  type RuleMetadata,
  type Translation,
} from "./translation.ts";
export { navigatorLayer } from "./navigator.ts";
export { KIBANA_LINE } from "./targets/elastic/kibana-schema.ts";
