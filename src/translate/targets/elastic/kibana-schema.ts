/**
 * What Kibana's import of detection rules accepts, as far as Tocsin writes it: a line is a rule, an exception list or an item of one.
 * Strict: any other key is a mistake of ours.
 */
import { z } from "zod";

const TEXT = z.string().min(1);
const TEXTS = z.array(TEXT);
const UUID = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const INTERVAL = z.string().regex(/^[1-9]\d*[smh]$/, "must be an interval such as 5m");
const FROM = z.string().regex(/^now-[1-9]\d*[smh]$/, "must be a time such as now-9m");
const SEVERITY = z.enum(["low", "medium", "high", "critical"]);
const URL_TEXT = z.string().regex(/^https?:\/\/\S+$/);

const LISTED = z.strictObject({
  id: TEXT,
  list_id: TEXT,
  type: z.enum(["detection", "rule_default"]),
  namespace_type: z.enum(["single", "agnostic"]),
});

const NAMED = (id: RegExp) =>
  z.strictObject({ id: z.string().regex(id), name: TEXT, reference: z.string().regex(/^https:\/\/attack\.mitre\.org\/\S+\/$/) });

const THREAT = z.strictObject({
  framework: z.literal("MITRE ATT&CK"),
  tactic: NAMED(/^TA\d{4}$/),
  technique: z.array(NAMED(/^T\d{4}$/).extend({ subtechnique: z.array(NAMED(/^T\d{4}\.\d{3}$/)).optional() })),
});

const SUPPRESSION = z.strictObject({
  group_by: TEXTS.min(1).max(3),
  duration: z.strictObject({ value: z.int().min(1), unit: z.enum(["s", "m", "h"]) }),
  missing_fields_strategy: z.enum(["suppress", "doNotSuppress"]),
});

const COMMON = {
  rule_id: UUID,
  name: TEXT,
  description: TEXT,
  version: z.int().min(1),
  risk_score: z.int().min(0).max(100),
  severity: SEVERITY,
  query: TEXT,
  enabled: z.boolean(),
  interval: INTERVAL,
  from: FROM,
  to: z.literal("now"),
  max_signals: z.int().min(1),
  tags: TEXTS,
  author: TEXTS,
  license: TEXT.optional(),
  references: z.array(URL_TEXT),
  false_positives: TEXTS,
  threat: z.array(THREAT),
  related_integrations: z.array(z.strictObject({ package: TEXT, version: TEXT, integration: TEXT.optional() })),
  required_fields: z.array(z.strictObject({ name: TEXT, type: TEXT })),
  investigation_fields: z.strictObject({ field_names: TEXTS.min(1) }).optional(),
  note: TEXT.optional(),
  setup: z
    .string()
    .regex(/^## Setup\n/, "starts with a heading `## Setup`")
    .optional(),
  building_block_type: z.literal("default").optional(),
  timestamp_override: TEXT.optional(),
  alert_suppression: SUPPRESSION.optional(),
  exceptions_list: z.array(LISTED),
};

export const KIBANA_EQL_RULE = z.strictObject({ ...COMMON, type: z.literal("eql"), language: z.literal("eql"), index: TEXTS.min(1) });
export const KIBANA_ESQL_RULE = z.strictObject({ ...COMMON, type: z.literal("esql"), language: z.literal("esql") });

export const KIBANA_EXCEPTION_LIST = z.strictObject({
  list_id: TEXT,
  type: z.enum(["detection", "rule_default"]),
  namespace_type: z.enum(["single", "agnostic"]),
  name: TEXT,
  description: TEXT,
  tags: TEXTS,
  os_types: z.array(z.enum(["windows", "linux", "macos"])),
});

const OPERATOR = z.enum(["included", "excluded"]);
const ENTRY = z.discriminatedUnion("type", [
  z.strictObject({ field: TEXT, type: z.literal("match"), operator: OPERATOR, value: TEXT }),
  z.strictObject({ field: TEXT, type: z.literal("match_any"), operator: OPERATOR, value: TEXTS.min(1) }),
  z.strictObject({ field: TEXT, type: z.literal("wildcard"), operator: OPERATOR, value: TEXT }),
  z.strictObject({ field: TEXT, type: z.literal("exists"), operator: OPERATOR }),
]);

export const KIBANA_EXCEPTION_ITEM = z.strictObject({
  list_id: TEXT,
  item_id: TEXT,
  type: z.literal("simple"),
  namespace_type: z.enum(["single", "agnostic"]),
  name: TEXT,
  description: TEXT,
  entries: z.array(ENTRY).min(1),
  os_types: z.array(z.enum(["windows", "linux", "macos"])),
  tags: TEXTS,
  comments: z.array(z.strictObject({ comment: TEXT })),
  expire_time: z.iso.datetime().optional(),
});

/** A line of the file. */
export const KIBANA_LINE = z.union([KIBANA_EQL_RULE, KIBANA_ESQL_RULE, KIBANA_EXCEPTION_LIST, KIBANA_EXCEPTION_ITEM]);

export type KibanaRule = z.infer<typeof KIBANA_EQL_RULE> | z.infer<typeof KIBANA_ESQL_RULE>;
export type KibanaExceptionList = z.infer<typeof KIBANA_EXCEPTION_LIST>;
export type KibanaExceptionItem = z.infer<typeof KIBANA_EXCEPTION_ITEM>;
export type KibanaEntry = z.infer<typeof ENTRY>;
