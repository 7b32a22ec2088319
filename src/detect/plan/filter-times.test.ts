import { expect, test } from "vitest";
import { parse, type EventFilter } from "../../eql/index.ts";
import { Plan } from "./plan.ts";

const filterOf = (text: string): EventFilter => {
  const { query } = parse(text);
  if (query?.kind !== "event") throw new Error(text);
  return query.filter;
};

/** A clock that goes on by what is read: a long text takes long. */
function fieldsThatTake(): { readonly clock: () => number; readonly read: (name: string) => string } {
  let now = 0;
  return {
    clock: () => now,
    read: (name) => {
      now += name === "dear" ? 5 : 0.01;
      return "value";
    },
  };
}

test("a rule's time is what it asks for alone and its share of what it asks for with others", () => {
  const { clock, read } = fieldsThatTake();
  const plan = new Plan(
    [
      filterOf('any where cheap == "value"'),
      filterOf('any where dear == "value"'),
      filterOf('any where cheap == "other"'),
      // No anchor: on every event.
      filterOf('any where not (dear == "other")'),
    ],
    {},
    clock,
  );
  const events = 251 * 50;
  for (let i = 0; i < events; i++) expect(plan.matchValues((field) => read(plan.fields[field]!), {})).toBe(3);
  const millis = plan.filterMillis()!;
  expect(millis[1]!).toBeCloseTo(5 * events, -3);
  expect(millis[0]! + millis[2]!).toBeCloseTo(0.01 * events, 0);
  expect(millis[3]!).toBeLessThan(0.01 * events);
});

test("without a clock nothing is measured, and with one the verdicts are the same", () => {
  const filters = Array.from({ length: 40 }, (_, i) => filterOf(`any where a : "*${i}*" or (b == "${i % 7}" and not c : "x${i % 3}*")`));
  const timed = new Plan(filters, {}, () => 0);
  const plain = new Plan(filters);
  for (let i = 0; i < 1_000; i++) {
    const event = { a: `${i * 7919}`, b: `${i % 9}`, c: `x${i % 4}` };
    const count = plain.match(event);
    expect([...timed.matches.subarray(0, timed.match(event))]).toEqual([...plain.matches.subarray(0, count)]);
  }
  expect(plain.filterMillis()).toBeNull();
  expect([...timed.filterMillis()!]).toEqual(filters.map(() => 0));
});
