/** Every target, in the order in which they are shown. */
import { clickhouse } from "./targets/sql/clickhouse.ts";
import { defenderXdr } from "./targets/microsoft/defender-xdr.ts";
import { duckdb } from "./targets/sql/duckdb.ts";
import { esql } from "./targets/elastic/esql.ts";
import { kibanaRule } from "./targets/elastic/kibana-rule.ts";
import { logscale } from "./targets/logscale.ts";
import { lucene } from "./targets/elastic/lucene.ts";
import { opensearch } from "./targets/opensearch/monitor.ts";
import { panther, pantherEcs } from "./targets/panther/panther.ts";
import { qradar } from "./targets/qradar.ts";
import { queryDsl } from "./targets/elastic/query-dsl.ts";
import { securityAnalytics } from "./targets/opensearch/security-analytics.ts";
import { secops } from "./targets/secops.ts";
import { sentinel } from "./targets/microsoft/sentinel.ts";
import { sigma } from "./targets/sigma.ts";
import { splunkClassic } from "./targets/splunk/splunk-classic.ts";
import { splunkCim } from "./targets/splunk/splunk-cim.ts";
import { splunk } from "./targets/splunk/splunk.ts";
import { sumo } from "./targets/sumo.ts";
import { wazuh } from "./targets/wazuh.ts";
import { plainMetadata } from "./plain-text.ts";
import type { Platform } from "./translation.ts";

const TARGETS = {
  sigma,
  elasticsearch: queryDsl,
  opensearch,
  lucene,
  esql,
  "kibana-rule": kibanaRule,
  sentinel,
  "defender-xdr": defenderXdr,
  splunk,
  "splunk-classic": splunkClassic,
  "splunk-cim": splunkCim,
  crowdstrike: logscale,
  "google-secops": secops,
  qradar,
  "sumo-logic": sumo,
  wazuh,
  duckdb,
  clickhouse,
  panther,
  "panther-ecs": pantherEcs,
  "opensearch-security-analytics": securityAnalytics,
} as const satisfies Record<string, Platform>;

export type PlatformName = keyof typeof TARGETS;

export const PLATFORM_NAMES = Object.keys(TARGETS) as readonly PlatformName[];

/** No target sees metadata with characters that could end a line. */
export const PLATFORMS = Object.fromEntries(PLATFORM_NAMES.map((name) => [name, plain(TARGETS[name])])) as Readonly<
  Record<PlatformName, Platform>
>;

function plain(target: Platform): Platform {
  return { ...target, translate: (request) => target.translate({ ...request, metadata: plainMetadata(request.metadata) }) };
}

export function isPlatformName(name: string): name is PlatformName {
  return Object.hasOwn(TARGETS, name);
}
