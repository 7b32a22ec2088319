import type { Command } from "commander";
import { ecsSchema, textSearch } from "../../workbench/index.ts";
import type { CommandContext } from "../context.ts";
import { Failure } from "../failure.ts";
import { eventNarrowingOptions, narrowingOf, type EventNarrowingFlags } from "../narrowing.ts";
import { KEEP_DUPLICATES } from "../hunting.ts";
import { fieldList } from "../query/columns.ts";
import { logsFeed } from "../query/feed.ts";
import { runQuery } from "../query/tree.ts";

interface SearchFlags extends EventNarrowingFlags {
  readonly ndjson?: true;
  readonly csv?: true;
  readonly fields?: string;
  readonly keepDuplicates?: true;
}

export function addSearch(command: Command, context: CommandContext): void {
  command
    .argument("<text>", "a text, in any case, with * and ? as wildcards; or /a regular expression/, /one without regard to case/i")
    .argument("<path...>", "files, folders, archives, or -")
    .option("--ndjson", "one matching event per line")
    .option("--csv", "matching events as CSV")
    .option("--fields <names>", "fields to show instead of what tells most: host.name,process.command_line")
    .option("--keep-duplicates", KEEP_DUPLICATES);
  eventNarrowingOptions(command).action(async (text: string, paths: string[], flags: SearchFlags) => {
    if (flags.ndjson === true && flags.csv === true) throw new Failure("--ndjson and --csv exclude each other", { help: "Choose one." });
    if (text === "")
      throw new Failure("an empty text is in every event", { help: "Name a text; `tocsin query 'any where true'` prints all events." });
    const { query, problem } = textSearch(text);
    if (query === null) throw new Failure(problem, { help: "Write a text without slashes to find it as it is." });
    context.exitCode = await runQuery(context, query, logsFeed(context, paths, flags.keepDuplicates !== true), {
      format: flags.ndjson === true ? "ndjson" : flags.csv === true ? "csv" : "table",
      fields: flags.fields === undefined ? null : fieldList("--fields", flags.fields),
      timestampField: "@timestamp",
      narrowed: await narrowingOf(context, paths, flags),
      search: { schema: ecsSchema() },
    });
  });
}
