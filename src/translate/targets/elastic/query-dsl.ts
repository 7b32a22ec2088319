/** Elasticsearch's Query DSL: the body of a search. */
import { translateDsl } from "../../languages/query-dsl.ts";
import type { Platform } from "../../translation.ts";

export const queryDsl = {
  title: "Elasticsearch Query DSL",
  extension: "json",
  checked: "executed",
  translate: (request) => translateDsl(request),
} as const satisfies Platform;
