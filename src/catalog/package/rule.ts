/** `rules/<ID>.yaml`: one rule is one file. `id`, `name` and `query` are needed; the rest makes it documented and operational (docs/package-format.md). */
import { z } from "zod";
import { LINT_CODE_NAMES } from "../lint/codes.ts";
import {
  CONFIDENCE,
  DAY,
  DURATION,
  EVENT_CODE,
  FIELD,
  REFERENCE,
  RULE_ID,
  SEVERITY,
  SLUG,
  TELEMETRY,
  TEST_ID,
  TEXT,
  TEXTS,
  UUID,
  VERSION,
} from "./schema.ts";

export const RULE = z.strictObject({
  id: RULE_ID.describe("Short id, unique in the package and the name of the file"),
  uuid: UUID.optional().describe(
    "Stable identity; never reused. Worked out from the ids of the package and the rule where it is not given",
  ),
  name: TEXT,
  version: VERSION.default("0.1.0"),
  description: TEXT.optional().describe("What it detects and why that matters, in two or three sentences"),
  layer: z
    .enum(["source", "target", "hunt"])
    .optional()
    .describe("Where the telemetry comes from: the machine acted from, the machine acted on, or many machines"),
  kind: z.enum(["detection", "building_block", "hunt"]).default("detection"),
  lifecycle: z
    .strictObject({
      status: z.enum(["baseline", "experimental", "stable", "deprecated"]).default("experimental"),
      authored: DAY.optional(),
      reviewed: DAY.optional(),
      note: TEXT.optional(),
    })
    .prefault({}),
  severity: SEVERITY.default("medium"),
  confidence: CONFIDENCE.default("low"),
  risk_score: z.int().min(0).max(100).optional().describe("21, 47, 73 or 99 by the severity where it is not given"),
  rating_reason: TEXT.optional().describe("Why this severity and this confidence"),
  claimed: z
    .strictObject({ by: TEXT, severity: SEVERITY, confidence: CONFIDENCE })
    .optional()
    .describe("What somebody else rates it, where a rule was taken over unchanged"),
  robustness: z
    .strictObject({
      level: z.int().min(1).max(5).describe("Summiting the Pyramid: 1 ephemeral value .. 5 core to the technique"),
      event: z.enum(["user", "kernel"]).describe("Where the event is made: user mode or kernel"),
      rationale: TEXT,
    })
    .optional(),
  query: z.string().min(1).describe("EQL as a literal block (|-)"),
  query_source: z
    .strictObject({ text: TEXT, sha256: z.string().regex(/^[0-9a-f]{64}$/, "must be 64 hex digits in lower case") })
    .optional()
    .describe("Where the query was taken from, byte for byte, and its SHA-256; checked when the package is loaded"),
  data_sources: z
    .array(
      z.strictObject({
        source: TELEMETRY,
        events: z.array(EVENT_CODE).describe("Event ids; empty for Elastic Defend, which has none"),
        audit: TEXT.describe("The audit policy or configuration that yields the events"),
      }),
    )
    .default([])
    .describe("Where none is given, the linter works them out from the query"),
  fields: z.strictObject({ required: z.array(FIELD).default([]), optional: z.array(FIELD).default([]) }).prefault({}),
  index_patterns: z
    .array(z.string().regex(/^[a-z0-9][a-z0-9._*-]*$/, "must be an index pattern such as logs-system.security-*"))
    .default([]),
  schedule: z
    .strictObject({ interval: DURATION, lookback: DURATION })
    .optional()
    .describe("Every 5m, looking back 9m or as long as a sequence takes, where it is not given"),
  dedup: z
    .strictObject({ keys: z.array(FIELD).min(1), window: DURATION })
    .optional()
    .describe("Repeats on the same host are one where it is not given"),
  entities: z
    .strictObject({
      source_host: FIELD.optional(),
      source_address: FIELD.optional(),
      target_host: FIELD.optional(),
      user: FIELD.optional(),
    })
    .prefault({}),
  alert_title: TEXT.optional().describe("The rule's name where it is not given; {field} is filled from the alert's events"),
  investigation_fields: z.array(FIELD).default([]).describe("To be shown first"),
  blind_spots: TEXTS.default([]),
  evasions: z
    .array(z.strictObject({ how: TEXT, answered_by: z.array(RULE_ID).describe("Rules that still see it; empty = none does") }))
    .default([]),
  false_positives: z
    .array(
      z.strictObject({
        scenario: TEXT,
        tell: TEXT.describe("How to tell it from an attack"),
        exception: SLUG.nullable().describe("The exception of tuning.yaml that answers it; null = it must be looked at"),
      }),
    )
    .default([]),
  tests: z.array(TEST_ID).default([]).describe("Tests of tests.yaml that it must catch on the remote path"),
  references: z.array(REFERENCE).default([]),
  lint: z.array(z.strictObject({ code: z.enum(LINT_CODE_NAMES).describe("A code of the linter"), reason: TEXT })).default([]),
});
export type RuleText = z.infer<typeof RULE>;

export const HUNT = z.strictObject({
  id: RULE_ID,
  name: TEXT,
  hypothesis: TEXT,
  language: z.enum(["eql", "esql"]),
  query: z.string().min(1),
  read: TEXT.describe("How to read the answer, and when it becomes an incident"),
  needs: TEXTS.min(1).describe("Telemetry and how far back"),
});
export type HuntText = z.infer<typeof HUNT>;
