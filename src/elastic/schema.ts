/**
 * What a rule of Elastic Security says that changes what is found, in any of the shapes it comes in: the `[rule]` of a TOML file, an
 * object of the detection engine's API, a line of a Kibana export. Other keys are left alone.
 *
 * Facts: the public schema of the detection engine API, and the rules in use.
 */
import { z } from "zod";

const text = z.string();
const texts = z.array(text);

const THREAT_ITEM = z.looseObject({ id: text, name: text });

export const THREAT = z.looseObject({
  framework: text.optional(),
  tactic: THREAT_ITEM.optional(),
  technique: z.array(THREAT_ITEM.extend({ subtechnique: z.array(THREAT_ITEM).optional() })).optional(),
});

/** A Query DSL clause with Kibana's metadata around it. */
export const FILTER = z.looseObject({
  meta: z.looseObject({ negate: z.boolean().optional(), disabled: z.boolean().optional() }).optional(),
  query: z.looseObject({}).optional(),
  exists: z.looseObject({ field: text }).optional(),
});

const CARDINALITY = z.object({ field: text, value: z.number() });
const OVERRIDE = z.looseObject({ field: text, operator: text.optional(), value: z.unknown().optional() });

export const RULE = z.looseObject({
  rule_id: text.min(1).max(200).optional(),
  id: text.optional(),
  name: text.min(1),
  type: z.enum(["query", "saved_query", "eql", "esql", "threshold", "new_terms", "threat_match", "machine_learning"]),
  language: z.enum(["kuery", "lucene", "eql", "esql"]).optional(),
  query: text.optional(),
  description: text.optional(),
  version: z.union([z.number(), text]).optional(),
  enabled: z.boolean().optional(),
  severity: z.enum(["low", "medium", "high", "critical"]).default("medium"),
  risk_score: z.number().min(0).max(100).optional(),
  building_block_type: text.optional(),
  index: texts.optional(),
  from: text.optional(),
  interval: text.optional(),
  filters: z.array(FILTER).optional(),
  event_category_override: text.optional(),
  timestamp_override: text.optional(),
  threat: z.array(THREAT).optional(),
  references: texts.optional(),
  threshold: z
    .looseObject({
      field: z.union([text, texts]),
      value: z.number().min(1),
      cardinality: z.union([z.array(CARDINALITY), CARDINALITY]).optional(),
    })
    .optional(),
  /** As the API has it. */
  new_terms_fields: texts.optional(),
  history_window_start: text.optional(),
  /** As the TOML files have it. */
  new_terms: z.looseObject({ value: texts, history_window_start: z.union([text, z.array(z.looseObject({ value: text }))]) }).optional(),
  threat_query: text.optional(),
  threat_language: text.optional(),
  threat_filters: z.array(FILTER).optional(),
  threat_mapping: z
    .array(z.looseObject({ entries: z.array(z.looseObject({ field: text, value: text, negate: z.boolean().optional() })).min(1) }))
    .optional(),
  alert_suppression: z
    .looseObject({
      group_by: texts.optional(),
      duration: z.looseObject({ unit: z.enum(["s", "m", "h"]), value: z.number().min(1) }).optional(),
      missing_fields_strategy: text.optional(),
    })
    .optional(),
  severity_mapping: z.array(OVERRIDE.extend({ severity: z.enum(["low", "medium", "high", "critical"]) })).optional(),
  risk_score_mapping: z.array(OVERRIDE.extend({ risk_score: z.number().optional() })).optional(),
  rule_name_override: text.optional(),
  exceptions_list: z.array(z.looseObject({ list_id: text })).optional(),
  // What is for people alone: a rule runs whatever is in there.
  author: texts.optional().catch(undefined),
  license: text.optional().catch(undefined),
  tags: texts.optional().catch(undefined),
  false_positives: texts.optional().catch(undefined),
  note: text.optional().catch(undefined),
  setup: text.optional().catch(undefined),
});

/** An exception list. Of one that is kept apart from its rules, `meta.rule_ids` says which they are. */
export const EXCEPTION_LIST = z.looseObject({
  list_id: text,
  meta: z
    .looseObject({ rule_ids: texts.optional().catch(undefined) })
    .optional()
    .catch(undefined),
});

export type RuleContent = z.infer<typeof RULE>;

const ENTRY = z.looseObject({
  field: text,
  operator: z.enum(["included", "excluded"]).default("included"),
  type: z.enum(["match", "match_any", "wildcard", "exists", "list", "nested"]),
  value: z.union([text, texts]).optional(),
});

/** An item of an exception list: an event that satisfies all its entries is left out. */
export const EXCEPTION_ITEM = z.looseObject({
  list_id: text,
  item_id: text.optional(),
  name: text.optional(),
  expire_time: text.nullish(),
  entries: z.array(ENTRY.extend({ entries: z.array(ENTRY).optional() })).min(1),
});

export type ExceptionItem = z.infer<typeof EXCEPTION_ITEM>;
export type ExceptionEntry = ExceptionItem["entries"][number];
export type FilterContent = z.infer<typeof FILTER>;
