/** Alerts as `tocsin hunt --ndjson` and `--json` write them, read back for tuning. */
import { textAt, valueAt, type EventDocument } from "../../detect/index.ts";

/** An alert that was written down: what tuning needs of it. */
export interface WrittenAlert {
  readonly id: string;
  /** `T1021.002/B1` */
  readonly rule: { readonly key: string };
  readonly what: string;
  readonly host: string;
  /** The matched events; null where an event had to be missing. */
  readonly events: readonly ({ readonly event: EventDocument } | null)[];
  /** The document itself says that it is a false positive. */
  readonly marked: boolean;
}

/** The alerts a document holds: itself, or those under `alerts` of a hunt's answer. Empty when it is something else. */
export function writtenAlerts(document: EventDocument): WrittenAlert[] {
  const many = valueAt(document, "alerts");
  if (Array.isArray(many)) return many.flatMap((one) => (isObject(one) ? (alertOf(one) ?? []) : []));
  return alertOf(document) ?? [];
}

function alertOf(document: EventDocument): WrittenAlert[] | null {
  const key = textAt(document, "rule.id");
  const id = textAt(document, "event.id");
  const matched = valueAt(document, "tocsin.events");
  if (key === undefined || id === undefined || textAt(document, "event.kind") !== "signal" || !Array.isArray(matched)) return null;
  const events = matched.map((one: unknown) => {
    const event = isObject(one) ? valueAt(one, "event") : undefined;
    return isObject(event) ? { event } : null;
  });
  if (events.every((event) => event === null)) return null;
  return [
    {
      id,
      rule: { key },
      what: textAt(document, "tocsin.what") ?? "",
      host: textAt(document, "host.name") ?? "",
      events,
      marked: textAt(document, "tocsin.verdict") === "false_positive",
    },
  ];
}

function isObject(value: unknown): value is EventDocument {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
