/** Every target, in the order in which they are shown. */
import { defenderXdr } from "./defender-xdr.ts";
import { lucene } from "./lucene.ts";
import { opensearch } from "./opensearch.ts";
import { queryDsl } from "./query-dsl.ts";
import { sentinel } from "./sentinel.ts";
import type { Platform } from "./translation.ts";

export const PLATFORMS = {
  elasticsearch: queryDsl,
  opensearch,
  lucene,
  sentinel,
  "defender-xdr": defenderXdr,
} as const satisfies Record<string, Platform>;

export type PlatformName = keyof typeof PLATFORMS;
