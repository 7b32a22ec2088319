import { count, faultText, plural, shareText, table, tableLines, timeText } from "../../report/index.ts";
import type { Command } from "commander";
import {
  AdHocQuery,
  QUERY_LANGUAGES,
  isTreeLanguage,
  ecsSchema,
  hostOf,
  readQuery,
  schemaFromMapping,
  textAt,
  toResponse,
  whatOf,
  whoOf,
  type LooksLike,
  type QueryLanguage,
  type RuleFaultCode,
  type Schema,
  type SearchResult,
} from "../../workbench/index.ts";
import type { CommandContext } from "../context.ts";
import { runEsql } from "../esql-query.ts";
import { EXIT, Failure } from "../failure.ts";
import { readWithProgress } from "../hunting.ts";
import { writeJson, writeJsonLine } from "../output/json.ts";
import type { Terminal } from "../output/terminal.ts";
import { readTextFile } from "../text-file.ts";
import { printDiagnostics } from "../diagnostics.ts";

interface QueryFlags {
  readonly json?: true;
  readonly ndjson?: true;
  readonly csv?: true;
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
}

/** Order, limits and sequences need all events that satisfy the query: this many, of a few kilobytes each, are held. */
const MAX_CANDIDATES = 500_000;
/** Characters of these events (see `weightOf`): between 200 and 600 MB of memory, the more the smaller their values. */
const MAX_WEIGHT = 200_000_000;

export function addQuery(program: Command, context: CommandContext): void {
  program
    .command("query")
    .description("run one query over logs and print the matching events")
    .argument("<query>", "the query, or @FILE to read it from a file")
    .argument("<path...>", "files, folders, archives, or -")
    .option("--language <language>", `what the query is written in: ${Object.keys(QUERY_LANGUAGES).join(", ")}`, "eql")
    .option("--json", "the response of Elasticsearch's _eql/search")
    .option("--ndjson", "one matching event, or row, per line")
    .option("--csv", "rows of ES|QL as CSV")
    .option("--timestamp-field <field>", "orders events", "@timestamp")
    .option("--tiebreaker-field <field>", "orders events of the same timestamp")
    .option("--event-category-field <field>", "what `process where` tests", "event.category")
    .option("--size <n>", "most events or sequences returned (default: all)")
    .option("--result-position <end>", "which end is returned where there are more: tail or head", "tail")
    .option("--max-samples-per-key <n>", "samples per join key", "1")
    .option("--mapping <file>", "an Elasticsearch mapping: types of fields, null_value")
    .option("--profile <profile>", "elasticsearch, or tocsin for our additions to the language", "elasticsearch")
    .option("--strict-elastic", "normalise exactly as Elastic's pipelines do, without our additions")
    .action(async (argument: string, paths: string[], flags: QueryFlags) => {
      const { out, err } = context;
      const text = argument.startsWith("@") ? readTextFile(argument.slice(1)) : argument;
      const { language } = flags;
      if ([flags.json, flags.ndjson, flags.csv].filter((flag) => flag === true).length > 1)
        throw new Failure("--json, --ndjson and --csv exclude each other");
      if (!isQueryLanguage(language))
        throw new Failure(`--language ${language}: no such language`, {
          help: `Languages are ${Object.keys(QUERY_LANGUAGES).join(", ")}.`,
        });
      const schema = flags.mapping === undefined ? ecsSchema() : mappingOf(err, flags.mapping);
      if (!isTreeLanguage(language)) {
        context.exitCode = await runEsql(context, text, paths, schema, flags);
        return;
      }
      if (flags.csv === true) throw new Failure("--csv is for rows of ES|QL", { help: "Add `--language esql`." });
      if (flags.profile !== "elasticsearch" && flags.profile !== "tocsin")
        throw new Failure(`--profile ${flags.profile}: no such profile`, { help: "Profiles are elasticsearch and tocsin." });
      if (flags.resultPosition !== "tail" && flags.resultPosition !== "head")
        throw new Failure(`--result-position ${flags.resultPosition}: must be tail or head`);
      const { query, diagnostics, looksLike } = readQuery(text, { language, profile: flags.profile, schema });
      printDiagnostics(err, text, diagnostics);
      if (looksLike !== null) err.write(`${err.paint("cyan", "help")}: ${foreignText(looksLike)}\n`);
      if (query === null) {
        context.exitCode = EXIT.usage;
        return;
      }
      const faults = new Map<RuleFaultCode, number>();
      const run = new AdHocQuery(query, {
        schema,
        timestampField: flags.timestampField,
        eventCategoryField: flags.eventCategoryField,
        ...(flags.tiebreakerField === undefined ? {} : { tiebreakerField: flags.tiebreakerField }),
        size: flags.size === undefined ? Infinity : wholeNumber("--size", flags.size),
        resultPosition: flags.resultPosition,
        maxSamplesPerKey: wholeNumber("--max-samples-per-key", flags.maxSamplesPerKey),
        strictElastic: flags.strictElastic === true,
        now: Date.now(),
        maxCandidates: MAX_CANDIDATES,
        maxWeight: MAX_WEIGHT,
        onFault: (code) => faults.set(code, (faults.get(code) ?? 0) + 1),
      });
      const started = performance.now();
      const input = await readWithProgress(context, paths, run, () => run.events);
      const result = run.finish();
      const warnings = warningsOf(result, faults, run, flags.timestampField);
      const isIncomplete = input.errors > 0 || warnings.length > 0;
      print(out, result, flags, performance.now() - started, isIncomplete);
      for (const warning of warnings) err.write(`${err.paint("yellow", "warning")}: ${warning}\n`);
      if (flags.json !== true && flags.ndjson !== true)
        err.write(`${plural(result.total, "match", "matches")} in ${plural(run.events, "event")} of ${plural(input.files, "file")}\n`);
      context.exitCode = isIncomplete ? EXIT.incomplete : EXIT.done;
    });
}

function isQueryLanguage(name: string): name is QueryLanguage {
  return Object.hasOwn(QUERY_LANGUAGES, name);
}

function foreignText({ title, language }: LooksLike): string {
  return language === null
    ? `this looks like ${title}, which does not run here`
    : `this looks like ${title}: add \`--language ${language}\``;
}

/** Why the answer may lack matches. */
function warningsOf(
  result: SearchResult,
  faults: ReadonlyMap<RuleFaultCode, number>,
  { notKept, candidates }: AdHocQuery,
  timestampField: string,
): string[] {
  const warnings = [...faults].map(([code, times]) => faultText(code, times));
  if (notKept > 0)
    warnings.push(
      `${plural(notKept, "further event")} satisfied the query and found no room; the answer is of the first ${count(candidates)}. Ask for fewer with --size or | tail 100`,
    );
  if (result.withoutTimestamp > 0)
    warnings.push(`${plural(result.withoutTimestamp, "event")} without a readable ${timestampField} took no part`);
  const { evictedKeys, truncatedKeys, droppedWaiting } = result.losses;
  if (evictedKeys + truncatedKeys + droppedWaiting > 0)
    warnings.push(
      `bounds of memory were reached; sequences may be missing (${evictedKeys} keys, ${truncatedKeys} combinations, ${droppedWaiting} waiting)`,
    );
  return warnings;
}

function print(out: Terminal, result: SearchResult, flags: QueryFlags, millis: number, isPartial: boolean): void {
  if (flags.json === true) {
    writeJson(out, toResponse(result, Math.round(millis), isPartial));
    return;
  }
  if (result.rows !== undefined) {
    if (flags.ndjson === true) for (const row of result.rows) writeJsonLine(out, row);
    else if (result.rows.length > 0) out.write(`${countTable(result.rows, out.width)}\n`);
    return;
  }
  const groups = result.sequences?.map((sequence) => sequence.events) ?? (result.events ?? []).map((event) => [event]);
  if (flags.ndjson === true) {
    // A slot in which nothing happened is no event.
    for (const hit of groups.flat()) if (!("missing" in hit)) writeJsonLine(out, hit._source);
    return;
  }
  const counts = result.sequences?.some((sequence) => sequence.count !== undefined)
    ? result.sequences.map(({ count: times, percent }) => ({ count: times ?? 1, percent: percent ?? 0 }))
    : result.counts;
  const columns = [
    ...(counts === undefined
      ? []
      : [
          { title: "count", align: "right" as const },
          { title: "share", align: "right" as const },
        ]),
    ...(result.sequences === undefined ? [] : [{ title: "seq", align: "right" as const }]),
    { title: "time" },
    { title: "host" },
    { title: "event" },
    { title: "who" },
    { title: "what", shrink: true },
  ];
  const rows = groups.flatMap((events, group) =>
    events.map((hit, at) => [
      ...(counts === undefined ? [] : at > 0 ? ["", ""] : [count(counts[group]!.count), shareText(counts[group]!.percent)]),
      ...(result.sequences === undefined ? [] : [String(group + 1)]),
      ...("missing" in hit
        ? ["(missing)", "", "", "", ""]
        : [
            timeText(textAt(hit._source, flags.timestampField) ?? null),
            hostOf(hit._source),
            textAt(hit._source, "event.code") ?? textAt(hit._source, "event.action") ?? "",
            whoOf(hit._source),
            whatOf(hit._source),
          ]),
    ]),
  );
  if (rows.length > 0) for (const line of tableLines(columns, rows, out.width)) out.write(`${line}\n`);
}

/** What the pipe `count` gives: a row of values with their count, or the total alone. */
function countTable(rows: NonNullable<SearchResult["rows"]>, width: number | undefined): string {
  const keys = rows.reduce((most, row) => Math.max(most, row.key.length), 0);
  const columns = [
    { title: "count", align: "right" as const },
    { title: "share", align: "right" as const },
    ...Array.from({ length: keys }, (_, i) => ({ title: i === 0 ? "value" : "", shrink: i === keys - 1 })),
  ];
  return table(
    columns,
    rows.map((row) => [
      count(row.count),
      shareText(row.percent),
      ...row.key.map((value) => (value === null ? "(missing)" : String(value))),
    ]),
    width,
  );
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
