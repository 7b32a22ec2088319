/** `cases/<name>/case.yaml` and the raw telemetry beside it. */
import { z } from "zod";
import { CONFIRMED, RECORDED } from "./recorded.ts";
import { RULE_ID, SLUG, TELEMETRY, TEST_ID, TEXT } from "./schema.ts";

export const CASE = z.strictObject({
  title: TEXT,
  story: TEXT.optional().describe("What happened, for someone who reads the events"),
  synthetic: z.boolean().describe("true: built from documented field values; false: recorded"),
  test: TEST_ID.optional().describe("The test of tests.yaml it shows"),
  kind: z.enum(["positive", "negative", "evasion"]),
  side: z.enum(["source", "target", "both"]).default("both"),
  telemetry: z.array(TELEMETRY).default([]),
  collector: z.enum(["winlogbeat", "elastic-agent", "elastic-defend", "windows-xml", "nxlog"]).optional(),
  path: z.enum(["remote", "loopback", "local"]).default("local").describe("local: nothing leaves the machine and nothing pretends to"),
  events: z.string().regex(/^events\.(ndjson|xml)$/, "must be events.ndjson or events.xml"),
  signals: z
    .array(
      z.strictObject({
        name: TEXT,
        query: z.string().min(1).describe("EQL event query over the normalised events"),
        count: z.int().min(0).optional().describe("Exactly so many; at least one where it is not given; 0 = must not be there"),
      }),
    )
    .default([])
    .describe("What must be in the telemetry, so that a silent rule is the rule's fault"),
  fires: z.array(RULE_ID).describe("Rules that alert, after exceptions. Any other alert fails the case"),
  silent: z.array(RULE_ID).default([]).describe("Rules this case is about that must not alert"),
  excepted: z
    .array(z.strictObject({ rule: RULE_ID, by: SLUG }))
    .default([])
    .describe("Alerts an exception must take away"),
  recorded: RECORDED.optional(),
  confirmed: CONFIRMED,
  lab_fires: z.array(RULE_ID).default([]).describe("Rules that alert in addition when tuning.yaml's lab_loopback is on"),
});
export type CaseText = z.infer<typeof CASE>;
