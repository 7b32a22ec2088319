/** Every target, in the order in which they are shown. */
import { opensearch } from "./opensearch.ts";
import { queryDsl } from "./query-dsl.ts";
import type { Platform } from "./translation.ts";

export const PLATFORMS = {
  elasticsearch: queryDsl,
  opensearch,
} as const satisfies Record<string, Platform>;

export type PlatformName = keyof typeof PLATFORMS;
