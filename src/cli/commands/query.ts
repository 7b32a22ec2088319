import type { Command } from "commander";
import {
  QUERY_LANGUAGES,
  isTreeLanguage,
  ecsSchema,
  readQuery,
  schemaFromMapping,
  type QueryLanguage,
  type Schema,
} from "../../workbench/index.ts";
import type { CommandContext } from "../context.ts";
import { queryText } from "../query/argument.ts";
import { runEsql } from "../query/esql.ts";
import { EXIT, Failure } from "../failure.ts";
import { KEEP_DUPLICATES, STRICT_ELASTIC } from "../hunting.ts";
import { noSuch } from "../no-such.ts";
import type { Terminal } from "../output/terminal.ts";
import { eventNarrowingOptions, narrowingOf, type EventNarrowingFlags } from "../narrowing.ts";
import { readTextFile } from "../text-file.ts";
import { fieldList } from "../query/columns.ts";
import { logsFeed } from "../query/feed.ts";
import { runCountBy } from "../query/count-by.ts";
import { runQuery, type RunQueryOptions } from "../query/tree.ts";
import { printRead } from "../query/diagnostics.ts";

interface QueryFlags extends EventNarrowingFlags {
  readonly json?: true;
  readonly ndjson?: true;
  readonly csv?: true;
  readonly fields?: string;
  readonly countBy?: string;
  readonly timestampField: string;
  readonly tiebreakerField?: string;
  readonly eventCategoryField: string;
  readonly size?: string;
  readonly resultPosition: string;
  readonly maxSamplesPerKey: string;
  readonly language: string;
  readonly mapping?: string;
  readonly profile: string;
  readonly strictElastic?: true;
  readonly keepDuplicates?: true;
}

export function addQuery(command: Command, context: CommandContext): void {
  command
    .argument("<query>", "the query, or @FILE to read it from a file, @- from standard input")
    .argument("<path...>", "files, folders, archives, or -")
    .option("--language <language>", `what the query is written in: ${Object.keys(QUERY_LANGUAGES).join(", ")}`, "eql")
    .option("--json", "the response of Elasticsearch's _eql/search")
    .option("--ndjson", "one matching event, or row, per line")
    .option("--csv", "matching events, counts or rows as CSV")
    .option("--fields <names>", "fields to show instead of what tells most: host.name,user.name,process.command_line")
    .option("--count-by <names>", "count matching events by the values of these fields")
    .option("--timestamp-field <field>", "orders events", "@timestamp")
    .option("--tiebreaker-field <field>", "orders events of the same timestamp")
    .option("--event-category-field <field>", "what `process where` tests", "event.category")
    .option("--size <n>", "most events or sequences returned (default: all)")
    .option("--result-position <end>", "which end is returned where there are more: tail or head", "tail")
    .option("--max-samples-per-key <n>", "samples per join key", "1")
    .option("--mapping <file>", "an Elasticsearch mapping: types of fields, null_value")
    .option("--profile <profile>", "elasticsearch, or tocsin for our additions to the language", "elasticsearch")
    .option("--keep-duplicates", KEEP_DUPLICATES)
    .option("--strict-elastic", STRICT_ELASTIC);
  eventNarrowingOptions(command).action(async (argument: string, paths: string[], flags: QueryFlags) => {
    const { err } = context;
    const { language } = flags;
    const text = await queryText(argument, paths, context.stdin, language === "eql" || language === "esql");
    if ([flags.json, flags.ndjson, flags.csv].filter((flag) => flag === true).length > 1)
      throw new Failure("--json, --ndjson and --csv exclude each other", { help: "Choose one." });
    if (!isQueryLanguage(language)) throw noSuch("--language", language, "language", "Languages", Object.keys(QUERY_LANGUAGES));
    const schema = flags.mapping === undefined ? ecsSchema() : mappingOf(err, flags.mapping);
    const feed = logsFeed(context, paths, flags.keepDuplicates !== true);
    if (!isTreeLanguage(language)) {
      if (flags.fields !== undefined || flags.countBy !== undefined)
        throw new Failure("--fields and --count-by are for events", {
          help: "Write `| keep host.name` or `| stats n = count(*) by host.name`.",
        });
      context.exitCode = await runEsql(context, text, feed, schema, flags, await narrowingOf(context, paths, flags));
      return;
    }
    if (flags.fields !== undefined && (flags.countBy !== undefined || flags.json === true))
      throw new Failure(`--fields and ${flags.json === true ? "--json" : "--count-by"} exclude each other`, { help: "Choose one." });
    if (flags.size !== undefined && flags.countBy !== undefined)
      throw new Failure("--size and --count-by exclude each other", { help: "Choose one." });
    if (flags.profile !== "elasticsearch" && flags.profile !== "tocsin")
      throw new Failure(`--profile ${flags.profile}: no such profile`, { help: "Profiles are elasticsearch and tocsin." });
    if (flags.resultPosition !== "tail" && flags.resultPosition !== "head")
      throw new Failure(`--result-position ${flags.resultPosition}: must be tail or head`);
    const read = readQuery(text, { language, profile: flags.profile, schema, categoryField: flags.eventCategoryField });
    printRead(err, text, read);
    const { query } = read;
    if (query === null) {
      context.exitCode = EXIT.usage;
      return;
    }
    const options: RunQueryOptions = {
      format: flags.json === true ? "json" : flags.ndjson === true ? "ndjson" : flags.csv === true ? "csv" : "table",
      fields: flags.fields === undefined ? null : fieldList("--fields", flags.fields),
      timestampField: flags.timestampField,
      narrowed: await narrowingOf(context, paths, flags),
      search: {
        schema,
        eventCategoryField: flags.eventCategoryField,
        ...(flags.tiebreakerField === undefined ? {} : { tiebreakerField: flags.tiebreakerField }),
        size: flags.size === undefined ? Infinity : wholeNumber("--size", flags.size),
        resultPosition: flags.resultPosition,
        maxSamplesPerKey: wholeNumber("--max-samples-per-key", flags.maxSamplesPerKey),
        strictElastic: flags.strictElastic === true,
      },
    };
    context.exitCode =
      flags.countBy === undefined
        ? await runQuery(context, query, feed, options)
        : await runCountBy(context, query, feed, fieldList("--count-by", flags.countBy), options);
  });
}

function isQueryLanguage(name: string): name is QueryLanguage {
  return Object.hasOwn(QUERY_LANGUAGES, name);
}

function mappingOf(err: Terminal, file: string): Schema {
  const text = readTextFile(file);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Failure(`${file} is not JSON: ${(error as Error).message}`, { help: "Save the answer of `GET index/_mapping`." });
  }
  const { schema, problems } = schemaFromMapping(json);
  if (schema.names()[Symbol.iterator]().next().done === true)
    throw new Failure(`${file} is no mapping of fields: ${problems[0] ?? "it names none"}`, {
      help: "Save the answer of `GET index/_mapping`.",
    });
  for (const problem of problems) err.write(`${file}: ${err.paint("yellow", "warning")}: ${problem}\n`);
  return schema;
}

function wholeNumber(flag: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Failure(`${flag} ${text}: must be a whole number`);
  return Number(text);
}
