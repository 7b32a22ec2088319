import { count, durationText, listText, plural, table, timeText } from "../../report/index.ts";
import type { Command } from "commander";
import {
  blindRules,
  Hunt,
  type InputSummary,
  Inspector,
  runnableRules,
  type BlindRule,
  type HuntResult,
  type Inspection,
  type LogRecord,
} from "../../workbench/index.ts";
import type { CommandContext } from "../context.ts";
import { faultsJson, huntExitCode, KEEP_DUPLICATES, printFaults, readWithProgress } from "../hunting.ts";
import { writeJson } from "../output/json.ts";
import { today } from "../packages.ts";
import { requireRules, RULES_OPTION } from "../rules.ts";
import { addSigmaOptions, sigmaOptions, type SigmaFlags } from "../sigma-options.ts";

interface InspectFlags extends SigmaFlags {
  readonly rules?: readonly string[];
  readonly json?: true;
  readonly carve?: true;
  readonly keepDuplicates?: true;
}

export function addInspect(command: Command, context: CommandContext): void {
  command.argument("<path...>", "files, folders, archives, or -").option("--rules <path...>", RULES_OPTION);
  addSigmaOptions(command)
    .option(
      "--carve",
      "also read older records in the free space of event logs, and search files of unknown formats (disk images, memory) for event logs",
    )
    .option("--keep-duplicates", KEEP_DUPLICATES)
    .option("--json", "the whole report as JSON")
    .action(async (paths: string[], flags: InspectFlags) => {
      const { out, err } = context;
      const loaded = requireRules(context, flags.rules ?? [], { today: today(), cases: false, ...sigmaOptions(err, flags) });
      const inspector = new Inspector(loaded.timestampFields);
      const hunt = new Hunt({ ...loaded, notRun: loaded.broken, maxAlerts: 0, now: Date.now() });
      const input = await readWithProgress(
        context,
        paths,
        {
          record(record: LogRecord) {
            inspector.record(record);
            hunt.record(record);
          },
          problem: (problem) => inspector.problem(problem),
          file: (place, format) => inspector.file(place, format),
        },
        () => inspector.events,
        { read: { carve: flags.carve === true }, dropDuplicates: flags.keepDuplicates !== true },
      );
      const report = inspector.finish();
      const found = hunt.finish();
      // Alerts are not wanted here.
      const result = { ...found, faults: found.faults.filter(({ code }) => code !== "rule/alert-not-kept") };
      const blind: Blind = {
        rules: new Map(blindRules(loaded.packages, result).map((rule) => [rule.key, rule])),
        declared: new Set(loaded.packages.flatMap(runnableRules).map(({ key }) => key)),
      };
      if (flags.json === true) writeJson(out, inspectionJson(report, result, blind, input));
      else out.write(inspectionText(report, result, blind, input, out.width));
      printFaults(err, result);
      context.exitCode = huntExitCode({ result, input });
    });
}

function inspectionJson(report: Inspection, result: HuntResult, blind: Blind, input: InputSummary): object {
  return {
    ...report,
    rules: result.rules.map(({ rule, matched }) => ({
      rule: rule.key,
      events: matched,
      sees: seesOf(blind, rule.key),
      missing: blind.rules.get(rule.key)?.missing ?? [],
    })),
    notRead: input.notRead,
    staleRecords: input.staleRecords,
    duplicates: input.duplicates,
    faults: faultsJson(result),
    problems: input.problemsByCode,
  };
}

/** How much of what a rule needs is there at all; `not declared` where the rule does not say what it needs. */
function seesOf({ rules, declared }: Blind, key: string): "all" | "part" | "nothing" | "not declared" {
  if (!declared.has(key)) return "not declared";
  const rule = rules.get(key);
  return rule === undefined ? "all" : rule.blind === "part" ? "part" : "nothing";
}

interface Blind {
  /** By key: those that could not see all they look for. */
  readonly rules: ReadonlyMap<string, BlindRule>;
  /** Rules that declare the events they need: those of packages. */
  readonly declared: ReadonlySet<string>;
}

/** More files than these only fill the screen. */
const SHOWN_FILES = 100;
const SHOWN_HOSTS = 3;
const SHOWN_GAPS = 10;
/** Shorter times without an event are nothing unusual. */
const SHOWN_GAP_MS = 60_000;

function inspectionText(
  report: Inspection,
  { rules, sources }: HuntResult,
  blind: Blind,
  input: InputSummary,
  width: number | undefined,
): string {
  const parts: string[] = [
    `${plural(report.events, "event")} in ${plural(report.files.length, "file")}${report.withoutTime === 0 ? "" : `, ${count(report.withoutTime)} without a readable time`}`,
    "",
  ];
  const add = (title: string, text: string): void => {
    parts.push(title, text, "");
  };
  add(
    "Files",
    table(
      [{ title: "format" }, { title: "events", align: "right" }, { title: "file", shrink: true }],
      report.files.slice(0, SHOWN_FILES).map((f) => [f.format, count(f.events), f.file]),
      width,
    ) +
      (report.files.length > SHOWN_FILES
        ? `\n... and ${plural(report.files.length - SHOWN_FILES, "more file", "more files")} (--json lists all)`
        : ""),
  );
  const copies = input.duplicates?.files ?? [];
  if (copies.length > 0)
    add(
      "Copies: events that lie in an earlier file as well and are counted there",
      table(
        [
          { title: "events", align: "right" },
          { title: "file", shrink: true },
          { title: "copies of", shrink: true },
        ],
        copies.slice(0, SHOWN_FILES).map((copy) => [count(copy.events), copy.file, copy.of]),
        width,
      ) +
        (copies.length > SHOWN_FILES
          ? `\n... and ${plural(copies.length - SHOWN_FILES, "more file", "more files")} (--json lists all)`
          : ""),
    );
  add(
    "Data sources",
    table(
      [{ title: "source" }, { title: "events", align: "right" }],
      report.sources.map((s) => [s.source, count(s.events)]),
      width,
    ),
  );
  add(
    "Hosts and channels",
    table(
      [
        { title: "host" },
        { title: "channel", shrink: true },
        { title: "events", align: "right" },
        { title: "first" },
        { title: "last" },
        { title: "records missing", align: "right" },
        { title: "backwards", align: "right" },
        { title: "out of order", align: "right" },
        { title: "longest gap", align: "right" },
      ],
      report.channels.map((c) => [
        c.host,
        c.channel,
        count(c.events),
        timeText(c.first),
        timeText(c.last),
        c.records === null ? "-" : count(c.records.missing),
        count(c.backwards),
        c.records === null ? "-" : count(c.outOfOrder),
        c.gaps.length === 0 ? "-" : durationText(c.gaps[0]!.ms / 1000),
      ]),
      width,
    ),
  );
  const gaps = report.channels
    .flatMap(({ host, channel, gaps: ofChannel }) => ofChannel.map((gap) => ({ host, channel, ...gap })))
    .filter(({ ms }) => ms >= SHOWN_GAP_MS)
    .sort((a, b) => b.ms - a.ms)
    .slice(0, SHOWN_GAPS);
  if (gaps.length > 0)
    add(
      "Longest times without an event",
      table(
        [{ title: "length", align: "right" }, { title: "from" }, { title: "to" }, { title: "host" }, { title: "channel", shrink: true }],
        gaps.map((gap) => [durationText(gap.ms / 1000), timeText(gap.from), timeText(gap.to), gap.host, gap.channel]),
        width,
      ),
    );
  const shown = report.codes.slice(0, 60);
  add(
    `Event ids${report.codes.length > shown.length ? ` (the ${shown.length} most frequent of ${count(report.codes.length)}; --json has all)` : ""}`,
    table(
      [
        { title: "event" },
        { title: "events", align: "right" },
        { title: "mapped" },
        { title: "channel" },
        { title: "name", shrink: true },
        { title: "computers", shrink: true },
      ],
      shown.map((c) => [
        c.code,
        count(c.events),
        c.unmapped ? "no" : "yes",
        c.channel,
        c.name === "" ? c.provider : c.name,
        listText(
          c.hosts.map(({ host, events }) => `${host} ${count(events)}`),
          SHOWN_HOSTS,
        ),
      ]),
      width,
    ),
  );
  if (report.cleared.length > 0)
    add(
      "Logs that were cleared",
      table(
        [{ title: "time" }, { title: "host" }, { title: "channel" }, { title: "by" }],
        report.cleared.map((c) => [timeText(c.time), c.host, c.channel, c.who]),
        width,
      ),
    );
  if (report.audit.length > 0) add("What is not there", report.audit.map((line) => `- ${line}`).join("\n"));
  if (report.notListed > 0) parts.push(`${count(report.notListed)} events are of further kinds that are not listed`, "");
  add(
    "What the rules can see of it: whether the kinds of events they need are there, and how many events satisfy a rule or a part of its sequence",
    table(
      [{ title: "rule" }, { title: "sees" }, { title: "events", align: "right" }, { title: "name", shrink: true }, { title: "not there" }],
      rules.map(({ rule, matched }) => [
        rule.key,
        seesOf(blind, rule.key),
        count(matched),
        rule.name,
        (blind.rules.get(rule.key)?.missing ?? []).map(({ source, events }) => [source, ...events].join(" ")).join(", "),
      ]),
      width,
    ),
  );
  if (sources.some(({ source }) => source === "ecs"))
    parts.push(
      "Some events were normalised before and do not say what telemetry they are; rules may see more of these than is listed here.",
      "",
    );
  return parts.join("\n");
}
