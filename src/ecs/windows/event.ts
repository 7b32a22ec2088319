/**
 * What is known of an event that Windows or Sysmon writes. Each log has one table of these, a row per event id, and everything else
 * derives from it: the mapping to ECS, what the sources declare, the documents, the names that people are shown.
 */

/** ECS categories that Windows events get. */
export type EventCategory = "authentication" | "configuration" | "driver" | "file" | "iam" | "network" | "process" | "registry" | "session";
/** ECS types that they get. */
export type EventType =
  | "access"
  | "admin"
  | "allowed"
  | "change"
  | "connection"
  | "creation"
  | "deletion"
  | "denied"
  | "end"
  | "error"
  | "group"
  | "info"
  | "protocol"
  | "start"
  | "user";

/** Values of `event.category`, `event.type` and `event.action`; absent where the field is not set. */
export interface Categorisation {
  readonly category?: readonly EventCategory[];
  readonly type?: readonly EventType[];
  readonly action?: string;
}

export interface EventDescription {
  /** The first line of the event's own text: "A network share object was added". */
  readonly name: string;
  /** Names of the event data in the order in which Windows writes them; `user_data.*` for events that have user data instead. */
  readonly data: readonly string[];
  /** What Elastic's pipelines set. */
  readonly ecs?: Categorisation;
  /** What one of our additions sets where Elastic's pipelines set nothing. */
  readonly added?: Categorisation & { readonly by: "directory-object" | "firewall-connection" | "service-installed" | "share-object" };
}

/** An event as a source can record it: what declarations are worked out from. */
export interface RecordedEvent extends EventDescription {
  /** `event.code` */
  readonly code: string;
  /** The task name, which is `event.action` where no pipeline sets another. */
  readonly tasks: readonly string[];
  /** The audit policy or configuration that makes Windows write it. */
  readonly audit: string;
  /** Where it is not the provider of the other events of the log. */
  readonly provider?: string;
}

/** Names of event data out of texts that hold several, separated by blanks. */
export function names(...texts: readonly string[]): readonly string[] {
  return texts.join(" ").split(" ");
}

/** A table by `event.code`. */
export function byCode<Description extends EventDescription>(
  table: Readonly<Record<number, Description>>,
): ReadonlyMap<string, Description> {
  return new Map(Object.entries(table));
}
