/** Rules of Elastic Security in EQL, in the form that Kibana imports: NDJSON. */
import { LossList } from "../../loss-list.ts";
import type { Platform } from "../../translation.ts";
import { kibanaNdjson } from "./kibana-document.ts";
import { kibanaEqlRule } from "./kibana-eql.ts";

export const kibanaRule = {
  title: "Elastic Security rule (EQL, Kibana NDJSON)",
  extension: "ndjson",
  checked: "validated",
  withExceptions: true,
  translate: (request) => {
    const losses = new LossList();
    const document = kibanaEqlRule(request, losses);
    return { text: document === null ? "" : kibanaNdjson([document]), files: [], losses: losses.list };
  },
} as const satisfies Platform;
