import { describe, expect, test } from "vitest";
import { lowerOptions, parse, type EventFilter } from "../../eql/index.ts";
import { PlanFilters } from "./plan-filters.ts";

function filterOf(text: string): EventFilter {
  const { query } = parse(text);
  if (query?.kind !== "event") throw new Error(text);
  return query.filter;
}

const TEXTS = [
  'process where process.name : "a*"',
  'file where file.path : "*b" and not event.code == "7"',
  'any where (event.code == "1" and x == "2") or (event.code == "3" and y == "4")',
  'any where z == "5"',
  'any where number(source.ip) == 1 and event.code == "1"',
];

function made(texts: readonly string[], isEager = false): { readonly filters: PlanFilters; readonly faults: string[] } {
  const faults: string[] = [];
  const filters = new PlanFilters(texts.map(filterOf), lowerOptions({}), isEager, (filter, code) => faults.push(`${filter} ${code}`));
  return { filters, faults };
}

/** The guards that hold where the log source fields have these values. */
function guardsOf(filters: PlanFilters, values: Readonly<Record<string, string>>): Uint8Array {
  return Uint8Array.from(filters.predicates.slice(0, filters.guardCount), (predicate) => {
    if (predicate.kind !== "field") return 0;
    const value = values[predicate.field];
    return value !== undefined && predicate.test(value) ? 1 : 0;
  });
}

describe("filters are made ready", () => {
  test("for the log sources that are seen", () => {
    const { filters } = made(TEXTS);
    expect(filters.fields.slice(0, filters.sourceFields).sort()).toEqual(["event.category", "event.code"]);
    expect(filters.fields.slice(filters.sourceFields).sort()).toEqual(["file.path", "process.name", "source.ip", "x", "y", "z"]);
    // What could have a fault without an event does not wait.
    expect(filters.waiting).toBe(4);
    expect(filters.open(guardsOf(filters, { "event.category": "process" }))).toEqual([0, 3]);
    expect(filters.waiting).toBe(2);
    expect(filters.open(guardsOf(filters, { "event.category": "file", "event.code": "7" }))).toEqual([3]);
    expect(filters.open(guardsOf(filters, { "event.category": "file", "event.code": "3" }))).toEqual([1, 2, 3]);
    expect(filters.waiting).toBe(0);
    expect(filters.open(null)).toEqual([0, 1, 2, 3, 4]);
  });

  test("all at once where somebody wants to know what is wrong with them", () => {
    expect(made(TEXTS, true).filters.waiting).toBe(0);
  });

  test("and what cannot be computed of a filter itself is a fault at once, and once", () => {
    const { filters, faults } = made([
      'process where process.name == "a" and 1 / 0 == 1',
      'any where number("x") == 1 or event.code == "1"',
    ]);
    expect(faults).toEqual(["0 eql/division-by-zero", "1 eql/bad-number"]);
    filters.open(null);
    expect(faults).toHaveLength(2);
  });
});
