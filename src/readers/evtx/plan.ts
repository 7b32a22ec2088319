/** How the instances of a template become events: worked out once per template. */
import type { Slot, TemplateElement } from "./tree.ts";

/** Where a text comes from. */
export interface Source {
  /** The value that it consists of; -1: of none, or of more than one. */
  readonly slot: number;
  /** What it is where it does not depend on the record; null = there is none. */
  readonly text: string | null;
  /** Texts and values that make it up together; null where one of the above does. */
  readonly parts: readonly (string | Slot)[] | null;
}

export interface SystemPlan {
  readonly providerName: Source;
  readonly providerGuid: Source;
  readonly eventSourceName: Source;
  readonly eventId: Source;
  readonly qualifiers: Source;
  readonly version: Source;
  readonly level: Source;
  readonly task: Source;
  readonly opcode: Source;
  readonly keywords: Source;
  readonly timeCreated: Source;
  readonly eventRecordId: Source;
  readonly activityId: Source;
  readonly relatedActivityId: Source;
  readonly processId: Source;
  readonly threadId: Source;
  readonly processorId: Source;
  readonly sessionId: Source;
  readonly kernelTime: Source;
  readonly userTime: Source;
  readonly processorTime: Source;
  readonly channel: Source;
  readonly computer: Source;
  readonly userId: Source;
}

export interface DataPlan {
  readonly name: Source;
  readonly items: readonly DataItem[];
  /** The names of the items where no record changes them or their number; null otherwise. */
  readonly names: readonly (string | undefined)[] | null;
}

export interface DataItem {
  /** Null where `<Data>` has no name; a name that depends on the record is a {@link Source}. */
  readonly name: string | null;
  readonly nameSource: Source | null;
  readonly slot: number;
  readonly optional: boolean;
  /** Where the value does not depend on the record. */
  readonly text: string;
  readonly complex: boolean;
  /** It is `<Binary>`. */
  readonly binary: boolean;
}

/** A child of `<Event>`. */
export type EventStep =
  | { readonly kind: "data"; readonly plan: DataPlan }
  | { readonly kind: "slot"; readonly slot: number }
  | { readonly kind: "element"; readonly element: TemplateElement };

export interface EventPlan {
  readonly system: SystemPlan;
  readonly steps: readonly EventStep[];
  readonly root: TemplateElement;
}
