/** `package.yaml`: what the detection is about. `id` and `title` are needed; the rest makes it documented (docs/package-format.md). */
import { z } from "zod";
import { CONFIDENCE, DAY, REFERENCE, SEVERITY, TELEMETRY, TEXT, TEXTS, UUID, VERSION } from "./schema.ts";

const NAMED = (pattern: RegExp, what: string) => z.strictObject({ id: z.string().regex(pattern, `must be ${what}`), name: TEXT });

export const PACKAGE = z.strictObject({
  id: z.string().regex(/^[A-Z][A-Za-z0-9.-]{1,63}$/, "must be an id such as T1021.002"),
  uuid: UUID.optional().describe("The identity that never changes; worked out from the id where it is not given"),
  title: TEXT,
  version: VERSION.default("0.1.0"),
  authored: DAY.optional(),
  reviewed: DAY.optional(),
  license: TEXT.optional(),
  summary: TEXT.optional().describe("One paragraph for a list"),
  story: TEXT.optional().describe("How the technique works, who uses it, what it leaves behind"),
  attack: z
    .strictObject({
      tactic: NAMED(/^TA\d{4}$/, "a tactic id such as TA0008"),
      technique: NAMED(/^T\d{4}$/, "a technique id such as T1021"),
      subtechnique: NAMED(/^T\d{4}\.\d{3}$/, "a sub-technique id such as T1021.002").optional(),
      detection_strategy: NAMED(/^DET\d{4}$/, "a detection strategy id such as DET0530").optional(),
      analytics: z.array(NAMED(/^AN\d{4}$/, "an analytic id such as AN1468")).default([]),
      related_techniques: z.array(NAMED(/^T\d{4}(\.\d{3})?$/, "a technique id")).default([]),
    })
    .optional(),
  d3fend: z.array(NAMED(/^D3-[A-Z]{2,6}$/, "a D3FEND id such as D3-ANAA")).default([]),
  severity: SEVERITY.default("medium"),
  confidence: CONFIDENCE.default("low"),
  rating_reason: TEXT.optional(),
  risk: TEXT.optional().describe("What is at stake when it is missed"),
  robustness: TEXT.optional().describe("What an attacker has to change to get past the whole package"),
  data_sources: z
    .array(
      z.strictObject({
        name: TEXT.describe("As people call the way it is collected"),
        collector: z.enum(["elastic-defend", "winlogbeat", "filebeat", "elastic-agent", "windows-xml"]),
        yields: z.array(TELEMETRY).min(1),
        index_patterns: z.array(TEXT),
        setup: TEXT,
      }),
    )
    .default([])
    .describe("Where none is given, rules are linted against Windows' logs and Elastic Defend"),
  page: z
    .strictObject({ text: TEXT, severity: SEVERITY, confidence: CONFIDENCE, corrections: TEXTS })
    .optional()
    .describe("The published page the package grew from, and what was wrong with it"),
  related: z
    .array(
      z.strictObject({ technique: TEXT, name: TEXT, phase: z.enum(["before", "with", "after"]), why: TEXT, query: z.string().optional() }),
    )
    .default([]),
  references: z.array(REFERENCE).default([]),
  lab_values: z
    .strictObject({
      host: TEXT.optional().describe("Name of the machine acted on"),
      source_host: TEXT.optional().describe("Name of the machine acted from"),
      source: TEXT.optional().describe("Its address"),
      user: TEXT.optional().describe("The account that acts"),
    })
    .default({})
    .describe("What the lab's machines and account are called in guide, playbook and hunts, where the catalogue puts an alert's own"),
});
export type PackageText = z.infer<typeof PACKAGE>;

/** `tests.yaml`: what to run, and what should be seen. */
export const TESTS = z.strictObject({
  note: TEXT.optional(),
  tests: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[A-Z]+[0-9]{1,4}$/),
        title: TEXT,
        origin: z.enum(["page", "atomic-red-team"]).describe("Who described it"),
        author: TEXT,
        attribution: TEXT.describe("What it is and is not: a test named after a catalogue must be in it"),
        technique: z.string().regex(/^T\d{4}(\.\d{3})?$/),
        atomic: z.strictObject({ guid: UUID, name: TEXT, exact: z.boolean().describe("false: the nearest, not the same") }).nullable(),
        elevated: z.boolean(),
        remote: z.strictObject({ command: TEXT, cleanup: TEXT }),
        loopback: z.strictObject({ command: TEXT, cleanup: TEXT }).optional(),
        signals: z.array(
          z.strictObject({
            side: z.enum(["source", "target"]),
            event: TEXT,
            tells: TEXT,
            claimed: TEXT.optional().describe("What the page says, where it is different or wrong"),
          }),
        ),
        caught_by: z
          .strictObject({ source: z.array(z.string()), target: z.array(z.string()) })
          .describe("Checked against the measured matrix"),
      }),
    )
    .default([]),
});
export type TestsText = z.infer<typeof TESTS>;
