import { compareTimes, readInstant, type EventDocument, type Instant } from "../../eql/index.ts";

/**
 * In the order of time to the nanosecond, as a hunt plays events to its rules: what has no time comes last, equal times in the order
 * they are in.
 */
export function inTimeOrder<T>(items: readonly T[], eventOf: (item: T) => EventDocument): T[] {
  const at: Instant = { millis: 0, nanos: 0 };
  return items
    .map((item) =>
      readInstant(eventOf(item)["@timestamp"], at) ? { item, millis: at.millis, nanos: at.nanos } : { item, millis: Infinity, nanos: 0 },
    )
    .sort((a, b) => compareTimes(a.millis, a.nanos, b.millis, b.nanos))
    .map(({ item }) => item);
}
