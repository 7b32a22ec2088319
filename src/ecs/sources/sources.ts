/** All sources with what they can produce. Made at first use: the declarations of the Windows sources are worked out. */
import type { Source } from "../source.ts";
import { ENDPOINT_SOURCES } from "./endpoint.ts";
import { windowsSources } from "./windows.ts";

let all: readonly Source[] | undefined;
let byId: ReadonlyMap<string, Source> | undefined;

/** In the order of the families: Elastic Defend, then each shipper of Windows' logs. */
export function sources(): readonly Source[] {
  all ??= [...ENDPOINT_SOURCES, ...windowsSources()];
  return all;
}

export function sourceById(id: string): Source | undefined {
  byId ??= new Map(sources().map((source) => [source.id, source]));
  return byId.get(id);
}
