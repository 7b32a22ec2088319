import type { EventDocument } from "../../eql/index.ts";
import { flatten } from "../flatten.ts";
import type { SeenFields } from "./completion.ts";

const MAX_FIELDS = 600;
const MAX_VALUES = 40;
const MAX_LENGTH = 120;

/** Fields of some events with values that are worth completing: short ones, and of each field the first few. */
export function seenFields(events: Iterable<EventDocument>): SeenFields {
  const fields = new Map<string, Set<string>>();
  for (const event of events) {
    for (const { name, value } of flatten(event)) {
      if (value.length > MAX_LENGTH || value.startsWith("[") || name.includes("[") || name === "message") continue;
      let values = fields.get(name);
      if (values === undefined) {
        if (fields.size >= MAX_FIELDS) continue;
        fields.set(name, (values = new Set()));
      }
      if (values.size < MAX_VALUES) values.add(value);
    }
  }
  return new Map([...fields].map(([field, values]) => [field, [...values]]));
}
