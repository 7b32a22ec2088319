import type { Command } from "commander";
import { Hunt, Inspector, type Inspection, type Record, type RuleCounts } from "../../workbench/index.ts";
import { EXIT } from "../failure.ts";
import { readWithProgress } from "../hunting.ts";
import { jsonText } from "../json.ts";
import { requirePackages, today } from "../packages.ts";
import { count, duration, plural } from "../progress.ts";
import { shortTime } from "../report.ts";
import { table } from "../table.ts";
import { out } from "../terminal.ts";

export function addInspect(program: Command): void {
  program
    .command("inspect")
    .description(
      "say what is in logs: files, hosts, channels, times, gaps, event ids, cleared logs, missing audit settings, and what each rule can see of it",
    )
    .argument("<path...>", "files, folders, archives, or -")
    .option("--rules <path...>", "detection packages instead of the bundled ones")
    .option(
      "--carve",
      "also read older records in the free space of event logs, and search files of unknown formats (disk images, memory) for event logs",
    )
    .option("--json", "the whole report as JSON")
    .action(async (paths: string[], flags: { readonly rules?: readonly string[]; readonly json?: true; readonly carve?: true }) => {
      const inspector = new Inspector();
      const hunt = new Hunt({ packages: requirePackages(flags.rules ?? [], today()), maxAlerts: 0 });
      const input = await readWithProgress(
        paths,
        {
          record(record: Record) {
            inspector.record(record);
            hunt.record(record);
          },
          problem: (problem) => inspector.problem(problem),
          file: (place, format) => inspector.file(place, format),
        },
        () => inspector.events,
        { carve: flags.carve === true },
      );
      const report = inspector.finish();
      const { rules } = hunt.finish();
      if (flags.json === true)
        out.write(
          `${jsonText({ ...report, rules: rules.map(({ rule, matched }) => ({ rule: rule.key, events: matched })), staleRecords: input.staleRecords, problems: input.problemsByCode }, 2)}\n`,
        );
      else out.write(inspectionText(report, rules));
      process.exitCode = input.errors > 0 ? EXIT.incomplete : EXIT.done;
    });
}

function inspectionText(report: Inspection, rules: readonly RuleCounts[]): string {
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
      report.files.map((f) => [f.format, count(f.events), f.file]),
      out.width,
    ),
  );
  add(
    "Data sources",
    table(
      [{ title: "source" }, { title: "events", align: "right" }],
      report.sources.map((s) => [s.source, count(s.events)]),
      out.width,
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
        { title: "longest gap", align: "right" },
      ],
      report.channels.map((c) => [
        c.host,
        c.channel,
        count(c.events),
        shortTime(c.first),
        shortTime(c.last),
        c.records === null ? "-" : count(c.records.missing),
        count(c.backwards),
        c.longestGap === null ? "-" : duration(c.longestGap.ms / 1000),
      ]),
      out.width,
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
        { title: "provider", shrink: true },
      ],
      shown.map((c) => [c.code, count(c.events), c.unmapped ? "no" : "yes", c.channel, c.provider]),
      out.width,
    ),
  );
  if (report.cleared.length > 0)
    add(
      "Logs that were cleared",
      table(
        [{ title: "time" }, { title: "host" }, { title: "channel" }, { title: "by" }],
        report.cleared.map((c) => [shortTime(c.time), c.host, c.channel, c.who]),
        out.width,
      ),
    );
  if (report.audit.length > 0) add("What is not there", report.audit.map((line) => `- ${line}`).join("\n"));
  if (report.notListed > 0) parts.push(`${count(report.notListed)} events are of further kinds that are not listed`, "");
  add(
    "What the rules can see of it (events that satisfy a rule, or a part of its sequence)",
    table(
      [{ title: "rule" }, { title: "events", align: "right" }, { title: "name", shrink: true }],
      rules.map(({ rule, matched }) => [rule.key, count(matched), rule.name]),
      out.width,
    ),
  );
  return parts.join("\n");
}
