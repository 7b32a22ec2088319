/** What a translator is given, and what it gives back. */
import type { Loss, Query } from "../eql/index.ts";

/** A rule's metadata: deploy formats carry it, query texts do not. Everything in the field's own terms. */
export interface RuleMetadata {
  /** Stable identity, a UUID. */
  readonly uuid: string;
  /** Short id, unique in its package: `B1`. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly version: number;
  readonly severity: "informational" | "low" | "medium" | "high" | "critical";
  /** 0 to 100. */
  readonly riskScore: number;
  readonly kind: "detection" | "building_block" | "hunt";
  readonly authors: readonly string[];
  readonly license: string;
  /** `2026-01-31` */
  readonly created: string;
  readonly modified: string;
  readonly references: readonly string[];
  readonly falsePositives: readonly string[];
  readonly tags: readonly string[];
  readonly attack: readonly Attack[];
  /** How often it runs and how far back it looks, in seconds. */
  readonly interval: number;
  readonly lookback: number;
  /** Elastic's index patterns. */
  readonly indexPatterns: readonly string[];
  readonly requiredFields: readonly string[];
  /** To be shown first. */
  readonly investigationFields: readonly string[];
  /** Alerts alike in these are one for `window` seconds. */
  readonly suppression: { readonly fields: readonly string[]; readonly window: number } | null;
  /** Markdown: the investigation guide, and what must be set up for the data to be there. "" where there is none. */
  readonly guide: string;
  readonly setup: string;
  /** What is known to be harmless: an event is left out where all conditions of one hold. */
  readonly exceptions?: readonly RuleException[];
}

export interface RuleException {
  /** `sccm-push-files` */
  readonly id: string;
  readonly title: string;
  /** Any of the values, case ignored; `*` and `?` are wildcards. */
  readonly conditions: readonly { readonly field: string; readonly values: readonly string[] }[];
  readonly owner: string;
  readonly reason: string;
  /** `2026-01-31`: not in force after this day. */
  readonly expires: string;
}

export interface Attack {
  readonly tactic: { readonly id: string; readonly name: string };
  readonly technique: { readonly id: string; readonly name: string };
  readonly subtechnique: { readonly id: string; readonly name: string } | null;
}

export interface TranslationRequest {
  readonly query: Query;
  readonly metadata: RuleMetadata;
  /** The user's own names of columns, by ECS field; they take precedence over the platform's table. */
  readonly fields: ReadonlyMap<string, string>;
}

/** A form that the platform imports: a rule file, a configuration stanza, a test. */
export interface DeployFile {
  /** A plain file name, no folder: `B1.ndjson`. */
  readonly name: string;
  readonly text: string;
}

export interface Translation {
  /** The query in the target's language; "" where `losses` say why there is none. */
  readonly text: string;
  readonly files: readonly DeployFile[];
  /** Empty: the same detection. Each names the part of the source it is about. */
  readonly losses: readonly Loss[];
}

/** One target: a file of `targets/` that exports one of these, and a line in `platforms.ts`. */
export interface Platform {
  readonly title: string;
  /** Of the file that holds `text`, without the dot. */
  readonly extension: string;
  /** How its translations are checked: run and compared, held against a parser or schema, or by reading alone. */
  readonly checked: "executed" | "validated" | "text";
  /** Its text or files include the rule's exceptions. */
  readonly withExceptions?: true;
  readonly translate: (request: TranslationRequest) => Translation;
}
