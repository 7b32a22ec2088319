import type { JsonObject, LogLocation } from "../readers/index.ts";

/**
 * An ECS event: one nested object per the Elastic Common Schema, canonical in that no key holds a dot (`{"process":{"name":..}}`,
 * never `{"process.name":..}`), with the additions of Winlogbeat (`winlog.*`) kept. Values are strings, numbers (bigint beyond
 * 2^53), booleans, or arrays of these; null, `[]` and `""`-less absent fields are simply not there unless the source had them.
 */
export type EcsEvent = JsonObject;

/** One record after normalisation. */
export interface Normalised {
  readonly event: EcsEvent;
  /** The id of the source that took the record. */
  readonly source: string;
  readonly place: LogLocation;
  /** `_id` / `_index` where the input had them. */
  readonly id?: string;
  readonly index?: string;
  /**
   * True when the record got no category because no normaliser knows it: it can be found only through its raw fields.
   * Counted by provider and event id, never silent.
   */
  readonly unmapped: boolean;
}

/** What records the events: a log of Windows or Elastic Defend. Packages name the telemetry that their rules need in these words. */
export type Telemetry = "sysmon" | "security" | "system" | "powershell" | "defend";

/**
 * A data source: which records it takes, what it can produce, and how. What it declares is what rules are linted against:
 * a field or value that no source declares can never match.
 */
export interface Source {
  /** Stable, e.g. `winlogbeat.security`, `elastic-agent.sysmon_operational`, `endpoint.process`. */
  readonly id: string;
  readonly title: string;
  /** The kinds of telemetry it ships; several where every channel comes as one source, and the event id alone tells them apart. */
  readonly telemetry: readonly Telemetry[];
  /** Index patterns its documents land in, e.g. `logs-system.security-*`. */
  readonly indexPatterns: readonly string[];
  readonly produces: readonly EventShape[];
}

/** One kind of event a source can produce, e.g. Sysmon 3, Security 5145, Defend network connection_attempted. */
export interface EventShape {
  /** `event.code` values; empty where the source sets none (Elastic Defend's kernel events). */
  readonly codes: readonly string[];
  /** Short, for sentences: `Security 5145`, `Network connection`. */
  readonly title: string;
  /** The first line of the event's own text: `A network share object was accessed`; of events without one their title. */
  readonly name: string;
  /** The audit policy or configuration that makes Windows write it. */
  readonly audit: string;
  /** `event.category`, `event.type`, `event.action`: the closed sets of values; empty = the field is not set. */
  readonly category: readonly string[];
  readonly type: readonly string[];
  readonly action: readonly string[];
  /** Dotted names of every other field it can set. `winlog.event_data.*` names are spelt out. */
  readonly fields: readonly string[];
  /** What our additions put on top, outside strict mode. Documents that Elastic's own pipelines made do not have it. */
  readonly additions?: {
    readonly category: readonly string[];
    readonly type: readonly string[];
    readonly action: readonly string[];
    readonly fields: readonly string[];
  };
}
