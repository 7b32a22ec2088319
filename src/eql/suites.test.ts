/** Elasticsearch's own cases, run where the peers' suites lie beside the checkout. */
import { existsSync, readFileSync } from "node:fs";
import { parse as parseToml } from "smol-toml";
import { describe, expect, test } from "vitest";
import type { EventDocument } from "./values/fields.ts";
import { parse } from "./syntax/parse.ts";
import type { SearchHit } from "./run/run.ts";
import { search, type SearchOptions } from "./run/search.ts";

const suites = new URL("../../../shared/suites/eql/", import.meta.url);
const present = existsSync(suites);

interface Case {
  readonly name: string;
  readonly query: string;
  readonly expected_event_ids: readonly number[] | readonly (readonly number[])[];
  readonly join_keys?: readonly string[];
  readonly size?: number;
  readonly max_samples_per_key?: number;
}

function read(name: string): string {
  return readFileSync(new URL(name, suites), "utf8");
}

function hits(name: string, change: (document: Record<string, unknown>) => Record<string, unknown> = (document) => document): SearchHit[] {
  return (JSON.parse(read(name)) as Record<string, unknown>[]).map((document) => ({ _source: change(document) as EventDocument }));
}

interface Suite {
  readonly file: string;
  readonly cases: number;
  readonly id: string;
  readonly events: () => SearchHit[];
  readonly options: SearchOptions;
}

/** The first sample index has its dates as `dd-MM-yyyy` by its mapping. */
function prettyDate(document: Record<string, unknown>): Record<string, unknown> {
  const text = document["@timestamp_pretty"];
  const [, day, month, year] = (typeof text === "string" ? /^(\d\d)-(\d\d)-(\d{4})$/.exec(text) : null) ?? [];
  return year === undefined ? document : { ...document, "@timestamp_pretty": `${year}-${month!}-${day!}` };
}

const endgame = (): SearchHit[] =>
  hits("endgame/test_data.json", (document) => ({
    ...document,
    "@timestamp": (document["timestamp"] as number) / 10_000 - 11_644_473_600_000,
  }));

const SUITES: readonly Suite[] = [
  { file: "test_queries", cases: 133, id: "serial_event_id", events: endgame, options: { tiebreakerField: "serial_event_id" } },
  { file: "test_queries_date", cases: 4, id: "serial_event_id", events: endgame, options: { tiebreakerField: "serial_event_id" } },
  {
    file: "test_missing_events",
    cases: 26,
    id: "sequence",
    events: () => hits("elasticsearch/missing-events.data.json"),
    options: { tiebreakerField: "sequence" },
  },
  {
    file: "test_sample",
    cases: 25,
    id: "id",
    events: () => [1, 2, 3].flatMap((n) => hits(`elasticsearch/sample${n}.data.json`, prettyDate)),
    options: {},
  },
];

/** Field types as the suites' mappings give them; what is not here is a keyword or a number by its data. */
const TYPES: Readonly<Record<string, string>> = {
  "@timestamp": "date",
  "@timestamp_pretty": "date",
  date: "date",
  version: "version",
  ip: "ip",
  host_ip: "ip",
};

describe.skipIf(!present)("Elasticsearch's suites (skipped: no ../shared/suites/eql beside the checkout)", () => {
  for (const suite of SUITES) {
    describe(suite.file, () => {
      const cases = present ? ((parseToml(read(`elasticsearch/${suite.file}.toml`)) as unknown as { queries: Case[] }).queries ?? []) : [];
      const events = present ? suite.events() : [];
      test(`has ${suite.cases} cases`, () => {
        expect(cases.length).toBe(suite.cases);
      });
      for (const one of cases) {
        test(one.name, ({ task }) => {
          task.meta.counted = { table: "Elasticsearch EQL cases", row: suite.file, of: 1 };
          const { query, diagnostics } = parse(one.query);
          expect(diagnostics.filter((d) => d.severity === "error")).toEqual([]);
          const options: SearchOptions = {
            eventCategoryField: "event_type",
            schema: { typeOf: (field: string) => TYPES[field] },
            ...suite.options,
            size: one.size ?? Infinity,
            maxSamplesPerKey: one.max_samples_per_key ?? 1,
          };
          const result = search(query!, events, options);
          const slots = result.events ?? result.sequences!.flatMap((sequence) => sequence.events);
          const ids = slots.map((hit) => ("missing" in hit ? -1 : hit._source[suite.id]));
          const expected = one.expected_event_ids;
          if (Array.isArray(expected[0])) expect(expected).toContainEqual(ids);
          else expect(ids).toEqual(expected);
          if (one.join_keys !== undefined && result.sequences !== undefined) {
            expect(result.sequences.flatMap((sequence) => sequence.joinKeys).map(String)).toEqual(one.join_keys.map(String));
          }
        });
      }
    });
  }
});
