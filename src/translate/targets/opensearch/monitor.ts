/** OpenSearch: the same Query DSL, and a monitor of its Alerting plugin that runs it. */
import type { Loss } from "../../../eql/index.ts";
import { jsonOf } from "../../json-text.ts";
import { exceptionClause, translateDsl, type Clause } from "../../languages/query-dsl.ts";
import type { DeployFile, Platform, RuleMetadata, Translation, TranslationRequest } from "../../translation.ts";

export const opensearch = {
  title: "OpenSearch Query DSL",
  extension: "json",
  checked: "executed",
  withExceptions: true,
  translate: (request) => translate(request),
} as const satisfies Platform;

function translate(request: TranslationRequest): Translation {
  const { text, files, losses } = translateDsl(request, (query) => monitor(query, request) ?? []);
  const own = losses.map(withoutEql);
  if (text === "" || files.length > 0) return { text, files, losses: own };
  const reason = "There is no monitor: its search is a template, and a value of the rule would be a part of it (`{{`)";
  return { text, files, losses: [...own, { effect: "exact", span: request.query.span, reason, advice: "Use the query." }] };
}

/** OpenSearch has no EQL to fall back to. */
function withoutEql(loss: Loss): Loss {
  return loss.advice?.includes("run it as EQL") === true ? { ...loss, advice: "OpenSearch has no EQL: run it with Tocsin." } : loss;
}

/** 1 is the highest of Alerting's five. */
const SEVERITY = { critical: "1", high: "2", medium: "3", low: "4", informational: "5" } as const satisfies Record<
  RuleMetadata["severity"],
  string
>;

/** `POST _plugins/_alerting/monitors`; null where Mustache, which fills in the times of the search, would replace a part of a value. */
function monitor(query: Clause, { metadata, fields }: TranslationRequest): readonly DeployFile[] | null {
  const excepted = exceptionClause(metadata.exceptions ?? [], fields);
  if (JSON.stringify([query, excepted]).includes("{{")) return null;
  const body = {
    type: "monitor",
    name: `${metadata.id}: ${metadata.title}`,
    monitor_type: "query_level_monitor",
    enabled: false,
    // Whole minutes; more often rather than less.
    schedule: { period: { interval: Math.max(1, Math.floor(metadata.interval / 60)), unit: "MINUTES" } },
    inputs: [
      {
        search: {
          indices: metadata.indexPatterns,
          query: {
            size: 100,
            sort: [{ "@timestamp": "asc" }],
            query: {
              bool: {
                filter: [
                  {
                    range: {
                      "@timestamp": { gt: `{{period_end}}||-${metadata.lookback}s`, lte: "{{period_end}}", format: "epoch_millis" },
                    },
                  },
                  query,
                ],
                ...(excepted === null ? {} : { must_not: [excepted] }),
              },
            },
          },
        },
      },
    ],
    triggers: [
      {
        query_level_trigger: {
          id: metadata.uuid,
          name: metadata.title,
          severity: SEVERITY[metadata.severity],
          condition: { script: { source: "ctx.results[0].hits.total.value > 0", lang: "painless" } },
          actions: [],
        },
      },
    ],
    ui_metadata: {},
  };
  return [{ name: `${metadata.id}.monitor.json`, text: `${jsonOf(body)}\n` }];
}
