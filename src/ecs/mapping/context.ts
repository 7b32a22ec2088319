/** One event while it is mapped: what it came with, what it becomes, and by whose rules. */
import type { JsonObject } from "../../readers/index.ts";

/**
 * Whose pipelines to follow: they set different `event.module`, `ecs.version` and a few other fields.
 * `winlogbeat`: the modules of Winlogbeat. `agent`: Elastic Agent's integrations Windows and System. `forwarded`: the Windows
 * integration's `forwarded` data stream, for records from a collector.
 */
export type Flavour = "winlogbeat" | "agent" | "forwarded";

export interface MappingContext {
  /** The event being built: the raw record's own top level, copied. */
  readonly event: JsonObject;
  /** `event.winlog`, copied. */
  readonly winlog: JsonObject;
  /** `event.code`. */
  readonly code: string;
  /** Event data that the mapping adds: `AccessMaskDescription`. It is written after the record's own, which it replaces. */
  readonly added: JsonObject;
  /** Names of the event data that are asked for; null: all. */
  readonly askedData: ReadonlySet<string> | null;
  /** PowerShell: the event data with what a list inside it says; null as long as nobody asked. */
  details: JsonObject | null;
}

/** `-` is how Windows writes that there is no value. */
export function unlessDash(value: string | undefined): string | undefined {
  return value === "-" ? undefined : value;
}

/** `domain\name` into two parts; undefined where it is not of that form. */
export function domainAndName(account: string): readonly [domain: string, name: string] | undefined {
  const at = account.indexOf("\\");
  if (at <= 0 || at === account.length - 1 || account.indexOf("\\", at + 1) >= 0) return undefined;
  return [account.slice(0, at), account.slice(at + 1)];
}
