import { huntReport } from "../../report/index.ts";
import type { Command } from "commander";
import { INPUT_FORMATS, jsonText, SEVERITIES, type Severity } from "../../workbench/index.ts";
import type { CommandContext } from "../context.ts";
import { EXIT } from "../failure.ts";
import { problemsJson } from "../alerts/document.ts";
import { mostAlerts, requirePlace, shapeOf, shapeOptions, type ShapeFlags } from "../alerts/shape.ts";
import { writeHunt } from "../alerts/write.ts";
import { huntExitCode, huntIn, KEEP_DUPLICATES, NO_FAST_PATH, warnNothingMapped, type Hunted, STRICT_ELASTIC } from "../hunting.ts";
import { writeFiles } from "../output/files.ts";
import { silent } from "../output/terminal.ts";
import { today } from "../packages.ts";
import {
  eventNarrowingOptions,
  narrowedRules,
  narrowingOf,
  ruleNarrowingOptions,
  severityOf,
  warnNothingFits,
  type EventNarrowingFlags,
  type RuleNarrowingFlags,
} from "../narrowing.ts";
import { addJobsOption, jobsOf } from "../jobs/hunt-jobs.ts";
import { indicatorsIn } from "../indicators.ts";
import { requireRules } from "../rules.ts";
import { addSigmaOptions, sigmaOptions, type SigmaFlags } from "../sigma-options.ts";

interface HuntFlags extends EventNarrowingFlags, RuleNarrowingFlags, ShapeFlags, SigmaFlags {
  readonly rules?: readonly string[];
  readonly indicators?: string;
  readonly html?: string;
  readonly problems?: string;
  readonly failOn?: string;
  readonly strictElastic?: true;
  readonly carve?: true;
  readonly keepDuplicates?: true;
  readonly jobs?: string;
  readonly exceptions: boolean;
  readonly fastPath: boolean;
}

export function addHunt(command: Command, context: CommandContext): void {
  command
    .argument("<path...>", `${INPUT_FORMATS}; folders; -`)
    .option(
      "--rules <path...>",
      "what to run instead of the bundled packages: detection packages, Sigma rules, Elastic's rules (TOML, Kibana's export), EQL files; folders and archives of them",
    );
  addSigmaOptions(command)
    .option("--indicators <path>", "threat indicators for rules that compare events with them: documents with `threat.indicator.*`")
    .option("--html <file>", "also write a report: one HTML file that loads nothing, for a manager or a case file")
    .option("--problems <file>", "also write what was read and what went wrong (counts, faults, problems) as one JSON document")
    .option("--fail-on <severity>", `exit with 1 when an alert is at least this severe: ${SEVERITIES.join(", ")}`)
    .option(
      "--carve",
      "also read older records in the free space of event logs, and search files of unknown formats (disk images, memory) for event logs",
    )
    .option("--keep-duplicates", KEEP_DUPLICATES)
    .option("--strict-elastic", STRICT_ELASTIC)
    .option("--no-fast-path", NO_FAST_PATH)
    .option("--no-exceptions", "do not apply the packages' exceptions");
  shapeOptions(ruleNarrowingOptions(eventNarrowingOptions(addJobsOption(command)))).action(async (paths: string[], flags: HuntFlags) => {
    const failOn = severityOf("--fail-on", flags.failOn);
    const jobs = jobsOf(flags.jobs);
    const shape = shapeOf(flags);
    const shown = shape.quiet ? { ...context, err: silent(context.err) } : context;
    if (flags.html !== undefined) requirePlace("--html", flags.html);
    if (flags.problems !== undefined) requirePlace("--problems", flags.problems);
    const loaded = requireRules(shown, flags.rules ?? [], {
      today: today(),
      cases: false,
      ...sigmaOptions(shown.err, flags),
      ...(flags.indicators === undefined ? {} : { indicators: await indicatorsIn(shown, flags.indicators) }),
    });
    const read = { carve: flags.carve === true };
    const { narrowing, zone } = await narrowingOf(shown, paths, flags, read);
    const hunted = await huntIn(
      shown,
      paths,
      {
        ...narrowedRules(loaded, flags),
        narrowing,
        maxAlerts: mostAlerts(shape, flags.html !== undefined),
        notRun: loaded.broken,
        strictElastic: flags.strictElastic === true,
        fastPath: flags.fastPath,
        clock: () => performance.now(),
        ...(flags.exceptions ? { today: today() } : {}),
      },
      { read, dropDuplicates: flags.keepDuplicates !== true },
      jobs,
    );
    // Before anything is printed: a reader of the output that goes away early must not cost the report.
    if (flags.html !== undefined)
      await writeFiles([
        { path: flags.html, content: huntReport({ ...hunted, packages: loaded.packages, createdAt: new Date().toISOString(), zone }) },
      ]);
    const problems = problemsJson(hunted, loaded.problems);
    if (flags.problems !== undefined) await writeFiles([{ path: flags.problems, content: `${jsonText(problems, 2)}\n` }]);
    await writeHunt(shown, { ...hunted, shape, zone, problems, bundled: flags.rules === undefined ? loaded.packages : null });
    warnNothingFits(shown.err, hunted.result, hunted.result, zone);
    warnNothingMapped(shown.err, hunted.result);
    context.exitCode = gateExitCode(hunted, failOn);
  });
}

/** An alert that was not kept counts for the gate, too. */
export function gateExitCode(hunted: Hunted, failOn: Severity | null): number {
  const { alerts, faults } = hunted.result;
  const notKept = faults.filter(({ code }) => code === "rule/alert-not-kept");
  const isSevere = ({ rule }: { readonly rule: { readonly severity: Severity } | null }): boolean =>
    failOn !== null && rule !== null && SEVERITIES.indexOf(rule.severity) >= SEVERITIES.indexOf(failOn);
  if (alerts.some(isSevere) || notKept.some(isSevere)) return EXIT.found;
  return huntExitCode(hunted);
}
