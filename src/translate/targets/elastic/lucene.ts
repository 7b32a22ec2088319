/** Lucene's query syntax, as a query string of its own. */
import { noSequences } from "../../languages/query-dsl.ts";
import { queryString } from "../../languages/query-string.ts";
import { conditionOf } from "../../condition.ts";
import { LossList } from "../../loss-list.ts";
import type { Platform, Translation, TranslationRequest } from "../../translation.ts";

export const lucene = {
  title: "Lucene query string",
  extension: "lucene",
  checked: "executed",
  translate: (request) => translate(request),
} as const satisfies Platform;

function translate({ query, fields }: TranslationRequest): Translation {
  const losses = new LossList();
  if (query.kind !== "event") {
    losses.add(noSequences(query, "Lucene's queries test one event at a time"));
    return { text: "", files: [], losses: losses.list };
  }
  for (const { span, name } of query.pipes)
    losses.report("wider", span, `A query string has no pipes: \`${name}\` is left out`, "Set order and number in the search.");
  const text = queryString(conditionOf(query.filter), fields, losses.add);
  return { text: text === null ? "" : `${text}\n`, files: [], losses: losses.list };
}
