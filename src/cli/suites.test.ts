import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { parse } from "smol-toml";
import { expect, test } from "vitest";

/** Elasticsearch's own cases, asked of the command itself: its flags, its files, its answer. */
const suites = new URL("../../../shared/suites/eql/", import.meta.url);
const main = join(import.meta.dirname, "..", "..", "dist", "cli", "main.js");
const run = promisify(execFile);

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
    const folder = mkdtempSync(join(tmpdir(), "tocsin-suites-"));
    const data = join(folder, "events.ndjson");
    const events = JSON.parse(readFileSync(new URL("endgame/test_data.json", suites), "utf8")) as { timestamp: number }[];
    writeFileSync(
      data,
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
    const ask = async (one: Case): Promise<void> => {
      try {
        const args = [
          main,
          "query",
          "--json",
          "--event-category-field",
          "event_type",
          "--tiebreaker-field",
          "serial_event_id",
          one.query,
          data,
        ];
        const { hits } = JSON.parse((await run(process.execPath, args, { maxBuffer: 1 << 26 })).stdout) as Answer;
        const slots = hits.events ?? (hits.sequences ?? []).flatMap((sequence) => sequence.events);
        const ids = slots.map((hit) => (hit.missing === true ? -1 : hit._source.serial_event_id));
        if (JSON.stringify(ids) !== JSON.stringify(one.expected_event_ids))
          failed.push(`${one.name}: expected ${one.expected_event_ids.join(",")}, found ${ids.join(",")}`);
      } catch (error) {
        failed.push(`${one.name}: ${(error as { stderr?: string }).stderr ?? String(error)}`);
      }
    };
    const waiting = [...cases];
    const worker = async (): Promise<void> => {
      for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) await ask(one);
    };
    await Promise.all([worker(), worker()]);
    rmSync(folder, { recursive: true, force: true });
    task.meta.counted = { ...counted, same: cases.length - failed.length };
    expect(failed).toEqual([]);
    expect(cases.length).toBe(137);
  },
  // 137 processes: much longer where the machine has other work.
  400_000,
);
