/** `rules/<ID>.yaml`: one rule is one file. */
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
  uuid: UUID.describe("Stable identity; never reused"),
  name: TEXT,
  version: VERSION,
  description: TEXT.describe("What it detects and why that matters, in two or three sentences"),
  layer: z
    .enum(["source", "target", "hunt"])
    .describe("Where the telemetry comes from: the machine acted from, the machine acted on, or many machines"),
  kind: z.enum(["detection", "building_block", "hunt"]),
  lifecycle: z.strictObject({
    status: z.enum(["baseline", "experimental", "stable", "deprecated"]),
    authored: DAY,
    reviewed: DAY,
    note: TEXT.optional(),
  }),
  severity: SEVERITY,
  confidence: CONFIDENCE,
  risk_score: z.int().min(0).max(100),
  rating_reason: TEXT.describe("Why this severity and this confidence"),
  claimed: z
    .strictObject({ by: TEXT, severity: SEVERITY, confidence: CONFIDENCE })
    .optional()
    .describe("What somebody else rates it, where a rule was taken over unchanged"),
  robustness: z.strictObject({
    level: z.int().min(1).max(5).describe("Summiting the Pyramid: 1 ephemeral value .. 5 core to the technique"),
    event: z.enum(["user", "kernel"]).describe("Where the event is made: user mode or kernel"),
    rationale: TEXT,
  }),
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
    .min(1),
  fields: z.strictObject({ required: z.array(FIELD).min(1), optional: z.array(FIELD).default([]) }),
  index_patterns: z.array(z.string().regex(/^[a-z0-9][a-z0-9._*-]*$/, "must be an index pattern such as logs-system.security-*")).min(1),
  schedule: z.strictObject({ interval: DURATION, lookback: DURATION }),
  dedup: z.strictObject({ keys: z.array(FIELD).min(1), window: DURATION }),
  entities: z.strictObject({
    source_host: FIELD.optional(),
    source_address: FIELD.optional(),
    target_host: FIELD.optional(),
    user: FIELD.optional(),
  }),
  alert_title: TEXT.describe("{field} is filled from the alert's events"),
  investigation_fields: z.array(FIELD).min(1).describe("To be shown first"),
  blind_spots: TEXTS.min(1),
  evasions: z.array(z.strictObject({ how: TEXT, answered_by: z.array(RULE_ID).describe("Rules that still see it; empty = none does") })),
  false_positives: z.array(
    z.strictObject({
      scenario: TEXT,
      tell: TEXT.describe("How to tell it from an attack"),
      exception: SLUG.nullable().describe("The exception of tuning.yaml that answers it; null = it must be looked at"),
    }),
  ),
  tests: z.array(TEST_ID).describe("Tests of tests.yaml that it must catch on the remote path"),
  references: z.array(REFERENCE),
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
