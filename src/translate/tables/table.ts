/** What a target with tables of raw events declares of them. */

/** Fields that only the records of Windows' logs have, not what a sensor of its own reports. */
export const LOGGED_ONLY = ["event.code", "event.provider", "winlog.channel", "winlog.event_id", "winlog.provider_name"] as const;

/** Where a table holds what an ECS field says. */
export interface Column {
  /** As the target writes it, quoted if it must be. */
  readonly name: string;
  readonly type: "text" | "number" | "ip" | "boolean" | "time";
  /**
   * How the field comes out of the column: it is the whole value, the last part of a path, the head of `DOMAIN\name`, an item of
   * `KEY=value,..`, what follows its last dot, somewhere in it, or a word for its code. `nameOnly`: the field is a path of which the
   * column has the last part alone. `quoted`: it may stand between apostrophes. `registryData`: a number is `DWORD (0x0000000a)`.
   * `anyCase`: the whole value, whose letters may be of another case, as of hexadecimal numbers.
   */
  readonly form: "whole" | "anyCase" | "name" | "nameOnly" | "head" | "item" | "extension" | "part" | "words" | "quoted" | "registryData";
  /** For `item`: `SHA256`. */
  readonly key?: string | null;
  /** For `words`: by the field's value the column's. */
  readonly words?: ReadonlyMap<string, string> | null;
}

/** One kind of event of a table. `T` is what the target needs to select it: an event id, an action's name. */
export interface TableEvent<T> {
  readonly select: T;
  readonly title: string;
  /** All values of the fields that are known beforehand; an empty list means that the field is never set. */
  readonly known: ReadonlyMap<string, readonly string[]>;
  /** The fields such an event has in ECS: a predicate of any other is of a missing field. Null: unknown. */
  readonly fields: ReadonlySet<string> | null;
  readonly columns: ReadonlyMap<string, Column>;
  /** The product reports only some of such events: a sensor that reports written programs, and no other files. */
  readonly partial?: true;
}

export interface Table<T> {
  /** `DeviceProcessEvents` */
  readonly name: string;
  readonly events: readonly TableEvent<T>[];
  /** An event that is not among `events`, where the table has the events of its channel. */
  readonly unlisted?: (of: Unlisted) => TableEvent<T> | null;
  /** What the events of another table say as well is not asked of these: a sensor reports the start of a process, and so does the log. */
  readonly fallback?: true;
}

/** An event that is in no row of a table; see `unlisted.ts`. */
export interface Unlisted {
  readonly channel: string;
  /** Null: any, so the code is a column of the event. */
  readonly code: string | null;
  /** Those of the channel's listed events; none where no event is listed. */
  readonly providers: readonly string[];
  /** The fields that the condition asks for. */
  readonly asked: readonly string[];
}
