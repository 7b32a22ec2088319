/**
 * What mappings are made of: processors, as in an ingest pipeline, each with the inputs that it looks at and the fields that it may set.
 * From these declarations follows what a field depends on (`field-inputs.ts`), and which processors can be left out where only some
 * fields are asked for (`mapping.ts`). They must be true: `field-inputs.test.ts` proves it on random events.
 */
import type { Json, JsonObject } from "../../readers/index.ts";
import { addUnique, child, text } from "../object.ts";
import type { MappingContext } from "./context.ts";
import type { Categorisation } from "../windows/event.ts";

export interface Processor {
  /** Names of the event data that it looks at. */
  readonly data: readonly string[];
  /** What else it looks at: paths of the record, or fields that processors before it may have set. */
  readonly reads: readonly string[];
  /** Fields that it may set, replace or remove, with everything under them. One may end in `*`: all whose names begin so. */
  readonly writes: readonly string[];
  readonly apply: (context: MappingContext, data: JsonObject) => void;
}

interface Declared<Name extends string> {
  readonly data?: readonly Name[];
  readonly reads?: readonly string[];
  readonly writes: readonly string[];
  /** Sees the event data by the declared names only. */
  readonly apply: (context: MappingContext, data: { readonly [N in Name]?: Json }) => void;
}

export function processor<const Name extends string = never>({ data = [], reads = [], writes, apply }: Declared<Name>): Processor {
  return { data, reads, writes, apply: apply as Processor["apply"] };
}

/** A value of the event data as a field has it; undefined where it has none. */
export type ValueOf = (value: Json | undefined) => Json | undefined;

/** The first of the data that has a value, under a field. */
export function rename(data: string | readonly string[], field: string, valueOf: ValueOf = text): Processor {
  const names = typeof data === "string" ? [data] : data;
  const path = field.split(".");
  const [first] = names;
  return {
    data: names,
    reads: [],
    writes: [field],
    apply:
      names.length === 1
        ? ({ event }, values) => {
            const value = valueOf(values[first!]);
            if (value !== undefined) setAt(event, path, value);
          }
        : ({ event }, values) => {
            for (let i = 0; i < names.length; i++) {
              const value = valueOf(values[names[i]!]);
              if (value === undefined) continue;
              setAt(event, path, value);
              return;
            }
          },
  };
}

/** A value of the event data into a list of `related`. */
export function relate(data: string, list: "hash" | "hosts" | "ip" | "user", valueOf: ValueOf): Processor {
  return {
    data: [data],
    reads: [],
    writes: [`related.${list}`],
    apply: ({ event }, values) => {
      const value = valueOf(values[data]);
      if (value !== undefined) addUnique(child(event, "related"), list, value);
    },
  };
}

/** A field that always has the same value. */
export function constant(field: string, value: string): Processor {
  const path = field.split(".");
  return { data: [], reads: [], writes: [field], apply: ({ event }) => setAt(event, path, value) };
}

/** `event.category`, `.type` and `.action` as the event's description says. The arrays are the event's own. */
export function categorise({ category, type, action }: Categorisation): Processor {
  const writes = [
    ...(category === undefined ? [] : ["event.category"]),
    ...(type === undefined ? [] : ["event.type"]),
    ...(action === undefined ? [] : ["event.action"]),
  ];
  return {
    data: [],
    reads: [],
    writes,
    apply: ({ event }) => {
      const described = child(event, "event");
      if (category !== undefined) described["category"] = category.slice();
      if (type !== undefined) described["type"] = type.slice();
      if (action !== undefined) described["action"] = action;
    },
  };
}

export function setAt(event: JsonObject, path: readonly string[], value: Json): void {
  const last = path.length - 1;
  let at = event;
  for (let i = 0; i < last; i++) at = child(at, path[i]!);
  at[path[last]!] = value;
}

/** Whether one of two fields is, or lies under, the other; the first may end in `*`. */
export function overlaps(written: string, field: string): boolean {
  if (written.endsWith("*")) {
    const start = written.slice(0, -1);
    return field.startsWith(start) || start.startsWith(`${field}.`);
  }
  return written === field || field.startsWith(`${written}.`) || written.startsWith(`${field}.`);
}

function overlapsOne(written: string, fields: Iterable<string>): boolean {
  for (const field of fields) if (overlaps(written, field)) return true;
  return false;
}

/** What it takes to know some fields. */
export interface Requirements {
  /** Of the processors those without which the fields may be others, in their order. */
  readonly processors: readonly Processor[];
  /** Paths of the record, in the order in which they are met. */
  readonly inputs: readonly string[];
}

/** @param fields null: all that there are */
export function requirements(processors: readonly Processor[], fields: Iterable<string>): Requirements {
  const needed = new Set(fields);
  const inputs = new Set<string>(needed);
  const chosen: Processor[] = [];
  for (let i = processors.length - 1; i >= 0; i--) {
    const one = processors[i]!;
    if (!one.writes.some((written) => overlapsOne(written, needed))) continue;
    chosen.push(one);
    for (const name of one.data) inputs.add(`winlog.event_data.${name}`);
    for (const path of one.reads) {
      needed.add(path);
      inputs.add(path);
    }
  }
  return { processors: chosen.reverse(), inputs: [...inputs] };
}
