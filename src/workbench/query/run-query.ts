/** Rules on the few events of a case, which are all at hand. */
import { compileFilter, search, type CompileOptions, type EventDocument, type EventTest, type Query } from "../../eql/index.ts";
import { ecsSchema } from "../../catalog/index.ts";

type OnFault = NonNullable<CompileOptions["onFault"]>;

/** A query as a function from events in the order of time to its matches. */
export type Runnable = (events: readonly EventDocument[]) => readonly (readonly (EventDocument | null)[])[];

export function runnable(query: Query, onFault?: OnFault): Runnable {
  const options = { schema: ecsSchema(), ...(onFault === undefined ? {} : { onFault }) };
  if (query.kind === "event" && query.pipes.length === 0) {
    const test: EventTest = compileFilter(query.filter, options);
    return (events) => events.filter(test).map((event) => [event]);
  }
  return (events) => {
    const result = search(
      query,
      events.map((event) => ({ _source: event })),
      { size: Infinity, ...options },
    );
    const sequences = result.sequences?.map((sequence) => sequence.events.map((hit) => ("missing" in hit ? null : hit._source))) ?? [];
    return [...sequences, ...(result.events?.map((hit) => [hit._source]) ?? [])];
  };
}
