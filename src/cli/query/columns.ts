/** The columns in which matching events are shown. */
import { timeText, type Column } from "../../report/index.ts";
import { fieldText, hostOf, textAt, valueAt, visible, whatOf, whoOf, type EventDocument, type TimeZone } from "../../workbench/index.ts";
import { Failure } from "../failure.ts";
import type { Terminal } from "../output/terminal.ts";

export interface EventColumns {
  readonly columns: readonly Column[];
  readonly cells: (event: EventDocument) => string[];
}

/** What tells most of an event. Without a zone the time is as the event has it. */
export function tellingColumns(timestampField: string, zone: TimeZone | null): EventColumns {
  const columns = [{ title: "host" }, { title: "event" }, { title: "who" }, { title: "what", shrink: true }];
  return {
    columns: [zone === null ? { title: "time" } : { title: "time", unit: zone.name }, ...columns],
    cells: (event) => {
      const time = textAt(event, timestampField) ?? null;
      return [
        zone === null ? (time ?? "") : timeText(time, zone),
        hostOf(event),
        textAt(event, "event.code") ?? textAt(event, "event.action") ?? "",
        whoOf(event),
        whatOf(event),
      ];
    },
  };
}

/** The fields that somebody asked for. */
export function fieldColumns(fields: readonly string[]): EventColumns {
  return {
    columns: fields.map((title) => ({ title, shrink: true })),
    cells: (event) => fields.map((field) => fieldText(valueAt(event, field))),
  };
}

/** A warning for each field that none of the events has: its name may be misspelt. */
export function warnAbsent(err: Terminal, fields: readonly string[], isThere: (field: string, index: number) => boolean): void {
  for (const field of fields.filter((one, i) => !isThere(one, i)))
    err.write(`${err.paint("yellow", "warning")}: no matching event has the field ${visible(field)}\n`);
}

/** @throws Failure where the list of an option names no field. */
export function fieldList(option: string, text: string): string[] {
  const fields = text.split(",").map((name) => name.trim());
  if (fields.some((name) => name === ""))
    throw new Failure(`${option} ${text}: a name of a field is missing`, { help: `Write ${option} host.name,user.name.` });
  return fields;
}
