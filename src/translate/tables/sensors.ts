/** Tables of endpoint sensors that keep events of their own kinds, not Windows' logs: what Elastic Defend sees is what these see. */
import { sources } from "../../ecs/index.ts";
import { LOGGED_ONLY, type Column, type Table, type TableEvent } from "./table.ts";

/** ECS field: column, then its type where it is not text, then its form where it is not the whole value: `FileName text extension`. */
export type ColumnTexts = Readonly<Record<string, string>>;

export interface SensorEvent {
  readonly table: string;
  /** What selects such events in the table. */
  readonly select: string;
  readonly category: string;
  readonly type: readonly string[];
  readonly columns: ColumnTexts;
  /** What more is known of them beforehand. */
  readonly known?: Readonly<Record<string, readonly string[]>>;
  /** Only some of such events are reported. */
  readonly partial?: true;
}

/** @param words for columns of the form `words`: by the field's value the column's. */
export function sensorTables(events: readonly SensorEvent[], words: ReadonlyMap<string, string>): readonly Table<string>[] {
  const byTable = new Map<string, TableEvent<string>[]>();
  for (const { table, select, category, type, columns, known, partial } of events) {
    const list = byTable.get(table) ?? [];
    byTable.set(table, list);
    list.push({
      select,
      title: select === "" ? `${category} events` : select,
      known: new Map<string, readonly string[]>([
        ["event.category", [category]],
        ["event.type", type],
        ["event.kind", ["event"]],
        ["host.os.type", ["windows"]],
        ["host.os.family", ["windows"]],
        ...LOGGED_ONLY.map((field) => [field, []] as const),
        ...Object.entries(known ?? {}),
      ]),
      fields: sensorFields(category),
      columns: new Map(Object.entries(columns).map(([field, text]) => [field, columnOf(text, words)])),
      ...(partial === undefined ? {} : { partial }),
    });
  }
  return [...byTable].map(([name, list]) => ({ name, events: list }));
}

function columnOf(text: string, words: ReadonlyMap<string, string>): Column {
  const [name, type = "text", form = "whole"] = text.split(" ") as [string, Column["type"]?, Column["form"]?];
  return { name, type, form, words: form === "words" ? words : null };
}

/** What Elastic Defend says of such events: a test of anything else is of a field that no sensor fills. */
function sensorFields(category: string): ReadonlySet<string> {
  const fields = new Set<string>();
  for (const source of sources()) {
    if (!source.id.startsWith("endpoint.")) continue;
    for (const shape of source.produces) if (shape.category.includes(category)) for (const field of shape.fields) fields.add(field);
  }
  return fields;
}
