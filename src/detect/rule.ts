import type { Query } from "../eql/index.ts";
import type { Grouping } from "./grouping/grouping.ts";

/** Least first. */
export const SEVERITIES = ["informational", "low", "medium", "high", "critical"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What an event says of its alert. */
export interface Overrides {
  /** The last one whose value the event has is the severity. */
  readonly severity: readonly { readonly field: string; readonly value: string; readonly severity: Severity }[];
  /** A field with a number from 0 to 100. */
  readonly riskScore: string | null;
  /** A field whose text is the alert's name. */
  readonly name: string | null;
}

/** `event.risk_score` where a rule gives none: Elastic Security's default score of each severity, which knows nothing below low. */
export const RISK_SCORE = { informational: 1, low: 21, medium: 47, high: 73, critical: 99 } as const satisfies Record<Severity, number>;

/** `threat.*`: one tactic with a technique and, where there is one, a sub-technique. */
export interface Threat {
  readonly framework: "MITRE ATT&CK";
  readonly tactic: { readonly id: string; readonly name: string };
  readonly technique?: {
    readonly id: string;
    readonly name: string;
    readonly subtechnique?: { readonly id: string; readonly name: string };
  };
}

/**
 * A rule ready to run, whatever language it was written in. The workbench makes it from a package's rule or from a Sigma rule;
 * this room knows nothing of files.
 */
export interface RunnableRule {
  /** Unique among everything loaded: `T1021.002/B1`, or a Sigma rule's UUID. */
  readonly key: string;
  /** `rule.uuid` */
  readonly uuid: string;
  readonly name: string;
  readonly description: string;
  readonly version: string;
  readonly severity: Severity;
  /** 0 to 100. */
  readonly riskScore: number;
  /** A building block feeds other analysis and does not page anybody; a hunt is run by a person. */
  readonly kind: "detection" | "building_block" | "hunt";
  readonly language: "eql" | "kql" | "lucene" | "esql" | "sigma";
  readonly query: Query;
  /** What becomes of the events that an event query selects; left out: each is an alert. */
  readonly grouping?: Grouping;
  /** What an event changes of the rule; left out: nothing. */
  readonly overrides?: Overrides;
  readonly threat: readonly Threat[];
  /** As the rule's author has them; a package has none. */
  readonly tags: readonly string[];
  readonly references: readonly string[];
  /** Alerts of the rule that agree in these fields and lie within the window are one incident's repeats. */
  readonly dedup: { readonly fields: readonly string[]; readonly windowMs: number } | null;
  /** `{field}` placeholders are filled from the alert's last event; null = the rule's name. */
  readonly title: string | null;
}
