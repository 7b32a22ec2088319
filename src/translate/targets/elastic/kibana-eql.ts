/** The rule of a query in EQL, as Kibana imports it. */
import { durationMillis, NOWHERE, type Query } from "../../../eql/index.ts";
import type { LossList } from "../../loss-list.ts";
import { plainMetadata } from "../../plain-text.ts";
import type { RuleMetadata, TranslationRequest } from "../../translation.ts";
import { elasticEql } from "./elastic-eql.ts";
import { duration, kibanaDocument, type KibanaDocument } from "./kibana-document.ts";

/** Null where the query cannot be written in EQL; `losses` say why. */
export function kibanaEqlRule({ query, metadata: given, fields }: TranslationRequest, losses: LossList): KibanaDocument | null {
  const metadata = plainMetadata(given);
  const text = elasticEql(query, fields, losses.add);
  if (text === null) return null;
  reportLookback(query, metadata, losses);
  return kibanaDocument(query, metadata, { type: "eql", language: "eql", query: text, index: [...metadata.indexPatterns] }, losses.add);
}

/** A run sees what came since `from`: a sequence that began before that is missed. */
function reportLookback(query: Query, { lookback, interval }: RuleMetadata, losses: LossList): void {
  if (query.kind !== "sequence") return;
  if (query.maxspan === null) {
    const reason = `Without a maxspan a sequence may take longer than the ${duration(lookback)} that a run looks back`;
    losses.report("narrower", query.span, reason, "Add `with maxspan`.");
    return;
  }
  const needed = interval + Math.ceil(durationMillis(query.maxspan) / 1000);
  if (lookback >= needed) return;
  losses.report(
    "narrower",
    query.maxspan.span === NOWHERE ? query.span : query.maxspan.span,
    `A run looks back ${duration(lookback)}; with an interval of ${duration(interval)} this maxspan needs ${duration(needed)}`,
    `Look back at least ${duration(needed)}.`,
  );
}
