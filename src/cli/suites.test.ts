import { existsSync, readFileSync } from "node:fs";
import { parse } from "smol-toml";
import { expect, test } from "vitest";
import { tocsin } from "./testing/in-process.ts";
import { workFolder } from "./testing/work-folder.ts";

/** Elasticsearch's own cases, asked of the command itself: its flags, its files, its answer. */
const suites = new URL("../../../shared/suites/eql/", import.meta.url);
const { file } = workFolder();

interface Case {
  readonly name: string;
  readonly query: string;
  readonly expected_event_ids: readonly number[];
}
interface Answer {
  readonly hits: { readonly events?: readonly Hit[]; readonly sequences?: readonly { readonly events: readonly Hit[] }[] };
}
interface Hit {
  readonly missing?: boolean;
  readonly _source: { readonly serial_event_id: number };
}

test.skipIf(!existsSync(suites))(
  "test_queries and test_queries_date through `tocsin query` (skipped: no ../shared beside the checkout)",
  async ({ task }) => {
    const events = JSON.parse(readFileSync(new URL("endgame/test_data.json", suites), "utf8")) as { timestamp: number }[];
    const data = file(
      "events.ndjson",
      events.map((event) => JSON.stringify({ ...event, "@timestamp": event.timestamp / 10_000 - 11_644_473_600_000 })).join("\n"),
    );
    const cases = ["test_queries", "test_queries_date"].flatMap(
      (name) => (parse(readFileSync(new URL(`elasticsearch/${name}.toml`, suites), "utf8")) as unknown as { queries: Case[] }).queries,
    );
    const counted = {
      table: "Elasticsearch EQL cases through tocsin query",
      row: "test_queries, test_queries_date",
      of: cases.length,
    };
    task.meta.counted = { ...counted, same: 0 };
    const failed: string[] = [];
    const flags = ["--json", "--event-category-field", "event_type", "--tiebreaker-field", "serial_event_id"];
    for (const one of cases) {
      const { stdout, stderr, status } = await tocsin(["query", ...flags, one.query, data]);
      if (status !== 0) {
        failed.push(`${one.name}: ${stderr}`);
        continue;
      }
      const { hits } = JSON.parse(stdout) as Answer;
      const slots = hits.events ?? (hits.sequences ?? []).flatMap((sequence) => sequence.events);
      const ids = slots.map((hit) => (hit.missing === true ? -1 : hit._source.serial_event_id));
      if (JSON.stringify(ids) !== JSON.stringify(one.expected_event_ids))
        failed.push(`${one.name}: expected ${one.expected_event_ids.join(",")}, found ${ids.join(",")}`);
    }
    task.meta.counted = { ...counted, same: cases.length - failed.length };
    expect(failed).toEqual([]);
    expect(cases.length).toBe(137);
  },
);
