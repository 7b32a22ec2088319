/** Every target, in the order in which they are shown. */
import { clickhouse } from "./clickhouse.ts";
import { defenderXdr } from "./defender-xdr.ts";
import { duckdb } from "./duckdb.ts";
import { esql } from "./esql.ts";
import { kibanaRule } from "./kibana-rule.ts";
import { logscale } from "./logscale.ts";
import { lucene } from "./lucene.ts";
import { opensearch } from "./opensearch.ts";
import { panther, pantherEcs } from "./panther.ts";
import { qradar } from "./qradar.ts";
import { queryDsl } from "./query-dsl.ts";
import { secops } from "./secops.ts";
import { sentinel } from "./sentinel.ts";
import { splunkCim } from "./splunk-cim.ts";
import { splunk } from "./splunk.ts";
import { sumo } from "./sumo.ts";
import { wazuh } from "./wazuh.ts";
import type { Platform } from "./translation.ts";

export const PLATFORMS = {
  elasticsearch: queryDsl,
  opensearch,
  lucene,
  esql,
  "kibana-rule": kibanaRule,
  sentinel,
  "defender-xdr": defenderXdr,
  splunk,
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
} as const satisfies Record<string, Platform>;

export type PlatformName = keyof typeof PLATFORMS;
