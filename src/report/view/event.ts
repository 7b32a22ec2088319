/** Events as plain data that a face lays out. */
import { flatten, textAt, whatOf, whereText, whoOf, type EventDocument, type Observed } from "../../workbench/index.ts";
import { cutText } from "../format.ts";

/** An event as a table of its fields, bounded whatever the log held. */
export interface EventView {
  /** Where it lies: `logs.zip!a.json:17`. */
  readonly where: string;
  /** The id of its data source. */
  readonly source: string;
  readonly fields: readonly FieldView[];
  /** Fields beyond the bound. */
  readonly moreFields: number;
}

/** A field with its value as text; `note` says how much of a long value is left out, and is empty where nothing is. */
export interface FieldView {
  readonly name: string;
  readonly value: string;
  readonly note: string;
}

const MAX_FIELDS = 400;
const MAX_VALUE = 2_000;

export function eventView({ event, place, source }: Observed): EventView {
  const all = flatten(event);
  return {
    where: whereText(place),
    source,
    fields: all.slice(0, MAX_FIELDS).map(({ name, value }) => {
      const { shown, note } = cutText(value, MAX_VALUE);
      return { name, value: shown, note };
    }),
    moreFields: Math.max(0, all.length - MAX_FIELDS),
  };
}

/** An event in one line: when, which, what and by whom. */
export function eventLine(event: EventDocument): string {
  const id = textAt(event, "event.code") ?? textAt(event, "event.action") ?? "?";
  const who = whoOf(event);
  return `${textAt(event, "@timestamp") ?? "(no time)"} event ${id} ${whatOf(event)}${who === "" ? "" : ` by ${who}`}`;
}
