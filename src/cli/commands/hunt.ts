import { alertsLines, huntReport, summaryText } from "../../report/index.ts";
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import type { Command } from "commander";
import {
  alertDocument,
  INPUT_FORMATS,
  jsonText,
  SEVERITIES,
  type RuleProblem,
  type Severity,
  type TimeZone,
} from "../../workbench/index.ts";
import type { CommandContext } from "../context.ts";
import { EXIT, Failure } from "../failure.ts";
import { faultsJson, huntExitCode, huntIn, KEEP_DUPLICATES, printFaults, type Hunted } from "../hunting.ts";
import { requireWritable, writeFiles } from "../output/files.ts";
import { writeJson, writeJsonLine } from "../output/json.ts";
import type { Terminal } from "../output/terminal.ts";
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
import { indicatorsIn } from "../indicators.ts";
import { requireRules } from "../rules.ts";
import { addSigmaOptions, sigmaOptions, type SigmaFlags } from "../sigma-options.ts";

interface HuntFlags extends EventNarrowingFlags, RuleNarrowingFlags, SigmaFlags {
  readonly rules?: readonly string[];
  readonly indicators?: string;
  readonly json?: true;
  readonly ndjson?: true;
  readonly html?: string;
  readonly problems?: string;
  readonly failOn?: string;
  readonly strictElastic?: true;
  readonly carve?: true;
  readonly keepDuplicates?: true;
  readonly exceptions: boolean;
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
    .option("--json", "one JSON document: alerts, counts, problems")
    .option("--ndjson", "one ECS alert document per line")
    .option("--html <file>", "also write a report: one HTML file that loads nothing, for a manager or a case file")
    .option("--problems <file>", "also write what was read and what went wrong (counts, faults, problems) as one JSON document")
    .option("--fail-on <severity>", `exit with 1 when an alert is at least this severe: ${SEVERITIES.join(", ")}`)
    .option(
      "--carve",
      "also read older records in the free space of event logs, and search files of unknown formats (disk images, memory) for event logs",
    )
    .option("--keep-duplicates", KEEP_DUPLICATES)
    .option("--strict-elastic", "normalise exactly as Elastic's pipelines do, without our additions")
    .option("--no-exceptions", "do not apply the packages' exceptions");
  ruleNarrowingOptions(eventNarrowingOptions(command)).action(async (paths: string[], flags: HuntFlags) => {
    const failOn = severityOf("--fail-on", flags.failOn);
    if (flags.json === true && flags.ndjson === true) throw new Failure("--json and --ndjson exclude each other");
    if (flags.html !== undefined) requirePlace("--html", flags.html);
    if (flags.problems !== undefined) requirePlace("--problems", flags.problems);
    const loaded = requireRules(context, flags.rules ?? [], {
      today: today(),
      cases: false,
      ...sigmaOptions(context.err, flags),
      ...(flags.indicators === undefined ? {} : { indicators: await indicatorsIn(context, flags.indicators) }),
    });
    const read = { carve: flags.carve === true };
    const { narrowing, zone } = await narrowingOf(context, paths, flags, read);
    const hunted = await huntIn(
      context,
      paths,
      {
        ...narrowedRules(loaded, flags),
        narrowing,
        notRun: loaded.broken,
        strictElastic: flags.strictElastic === true,
        clock: () => performance.now(),
        ...(flags.exceptions ? { today: today() } : {}),
      },
      { read, dropDuplicates: flags.keepDuplicates !== true },
    );
    // Before anything is printed: a reader of the output that goes away early must not cost the report.
    if (flags.html !== undefined)
      await writeFiles([
        { path: flags.html, content: huntReport({ ...hunted, packages: loaded.packages, createdAt: new Date().toISOString() }) },
      ]);
    const problems = problemsJson(hunted, loaded.problems);
    if (flags.problems !== undefined) await writeFiles([{ path: flags.problems, content: `${jsonText(problems, 2)}\n` }]);
    print(context.out, hunted, problems, flags, zone);
    warnNothingFits(context.err, hunted.result, hunted.result, zone);
    if (flags.json === true || flags.ndjson === true) printFaults(context.err, hunted.result);
    context.exitCode = gateExitCode(hunted, failOn);
  });
}

/** Before the hunt: it may take long. A folder is not made, since its name may be mistyped. */
function requirePlace(option: string, file: string): void {
  if (!existsSync(dirname(file)))
    throw new Failure(`${option} ${file}: there is no folder ${dirname(file)}`, { help: "Name a file in a folder that exists." });
  requireWritable(file);
}

function print(out: Terminal, { result, input }: Hunted, problems: object, flags: HuntFlags, zone: TimeZone): void {
  if (flags.ndjson === true) {
    for (const alert of result.alerts) writeJsonLine(out, alertDocument(alert));
  } else if (flags.json === true) {
    const { alerts, incidents, excepted } = result;
    writeJson(out, {
      alerts: alerts.map(alertDocument),
      incidents: incidents.map((incident) => ({
        id: incident.id,
        severity: incident.severity,
        first: incident.first.time,
        last: incident.last.time,
        hosts: incident.hosts,
        users: incident.users,
        addresses: incident.addresses,
        alerts: incident.steps.flatMap((step) => [step.alert.id, ...step.repeats.map((alert) => alert.id)]),
      })),
      excepted: excepted.map(({ alert, exception }) => ({ alert: alertDocument(alert), exception: exception.id })),
      ...problems,
    });
  } else {
    for (const line of alertsLines(result, out, zone)) out.write(`${line}\n`);
    out.write(`\n${summaryText(result, input, out, zone)}`);
  }
}

/** What was read and what went wrong: the document without its alerts. */
function problemsJson({ result, input }: Hunted, ruleProblems: readonly RuleProblem[]): object {
  const { alerts: _alerts, incidents: _incidents, excepted: _excepted, faults: _faults, rules, ...counts } = result;
  return {
    rules: rules.map(({ rule, matched, alerts, millis }) => ({
      rule: rule.key,
      name: rule.name,
      language: rule.language,
      severity: rule.severity,
      events: matched,
      alerts,
      ...(millis === null ? {} : { milliseconds: Math.round(millis * 1000) / 1000 }),
    })),
    counts: {
      ...counts,
      files: input.files,
      bytes: input.bytes,
      notRead: input.notRead,
      records: input.records,
      staleRecords: input.staleRecords,
      duplicates: input.duplicates,
      formats: input.formats,
      problems: input.problemsByCode,
    },
    faults: faultsJson(result),
    problems: [...ruleProblems, ...input.problems],
  };
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
