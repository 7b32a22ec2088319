import type { Command } from "commander";
import { join } from "node:path";
import { plural } from "../../report/index.ts";
import { propose, writtenAlerts, type LogRecord, type RuleProposals, type WrittenAlert } from "../../workbench/index.ts";
import type { CommandContext } from "../context.ts";
import { EXIT, Failure } from "../failure.ts";
import { readWithProgress } from "../hunting.ts";
import { writeFiles } from "../output/files.ts";
import { writeJson } from "../output/json.ts";
import type { Terminal } from "../output/terminal.ts";
import { today } from "../packages.ts";
import { requireRules, RULES_OPTION } from "../rules.ts";
import { proposeForRules } from "../tuning/rules.ts";
import { printProposals, printRuleProposals } from "../tuning/text.ts";

interface TuneFlags {
  readonly rules?: readonly string[];
  readonly falsePositive?: readonly string[];
  readonly owner?: string;
  readonly reason?: string;
  readonly expires?: string;
  readonly write?: string;
  readonly json?: true;
}

const DAYS = 90;
const DAY_MS = 86_400_000;

export function addTune(command: Command, context: CommandContext): void {
  command
    .argument("<alerts...>", "alerts as `tocsin hunt --ndjson` or `--json` wrote them; - reads standard input")
    .option("--false-positive <id...>", "ids (event.id) of the alerts that are false positives; default: all alerts that are read")
    .option("--owner <name>", "who answers for the exceptions")
    .option("--reason <text>", "why they are harmless")
    .option("--expires <day>", `when they end, such as 2027-03-31; default: in ${DAYS} days`)
    .option("--rules <path...>", RULES_OPTION)
    .option(
      "--write <folder>",
      "also write the filters, exception lists and queries of rules that are of no package there, a file for each rule",
    )
    .option("--json", "every proposal as JSON")
    .action(async (paths: string[], flags: TuneFlags) => {
      context.exitCode = await run(context, paths, flags);
    });
}

async function run(context: CommandContext, paths: readonly string[], flags: TuneFlags): Promise<number> {
  const { out, err } = context;
  const day = today();
  const expires = flags.expires ?? new Date(Date.parse(day) + DAYS * DAY_MS).toISOString().slice(0, 10);
  if (!/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.test(expires))
    throw new Failure(`--expires ${expires}: write a day such as 2027-03-31`);
  if (expires < day) throw new Failure(`--expires ${expires} is in the past`);
  const set = requireRules(context, flags.rules ?? [], { today: day });
  const alerts: WrittenAlert[] = [];
  let others = 0;
  const sink = {
    record(record: LogRecord): void {
      const found = record.kind === "document" ? writtenAlerts(record.document) : [];
      if (found.length === 0) others++;
      alerts.push(...found);
    },
    problem(): void {},
  };
  const input = await readWithProgress(context, paths, sink, () => alerts.length);
  if (alerts.length === 0)
    throw new Failure(others === 0 ? "there are no alerts" : `none of the ${others} records is an alert`, {
      help: "Write them with `tocsin hunt --ndjson LOGS > alerts.ndjson`.",
      exitCode: input.errors > 0 && others === 0 ? EXIT.incomplete : EXIT.usage,
    });
  const falsePositives = flags.falsePositive ?? [];
  const options = {
    today: day,
    owner: flags.owner ?? "FILL IN: who answers for this",
    reason: flags.reason ?? "FILL IN: why this is harmless",
    expires,
    falsePositives,
  };
  const all = set.packages.map((detection) => propose(detection, alerts, options)).filter((p) => p.alerts > 0);
  const unknown = falsePositives.filter((id) => !alerts.some((alert) => alert.id === id));
  if (unknown.length > 0) throw new Failure(`there is no alert ${unknown.join(", ")}`, { help: "Ids are in event.id of the alerts." });
  if (others > 0) err.write(`${err.paint("yellow", "warning")}: ${others} records are no alerts of tocsin\n`);
  const loose = await proposeForRules(set, alerts, options);
  const foreign = alerts.length - [...all, ...loose].reduce((sum, p) => sum + p.alerts, 0);
  if (foreign > 0) err.write(`${err.paint("yellow", "warning")}: ${foreign} alerts are of other rules; name theirs with --rules\n`);
  if (flags.write !== undefined) await writeExceptions(err, flags.write, loose);
  if (flags.json === true) writeJson(out, [...all, ...loose]);
  else {
    for (const proposals of all) printProposals(out, proposals);
    for (const proposals of loose) printRuleProposals(out, proposals);
  }
  if (input.errors > 0) return EXIT.incomplete;
  return [...all, ...loose].some((p) => p.left.length > 0 || p.proposals.some((one) => one.verdict === "refused")) ? EXIT.found : EXIT.done;
}

async function writeExceptions(err: Terminal, folder: string, proposals: readonly RuleProposals[]): Promise<void> {
  const taken = new Set<string>();
  const files = proposals.flatMap(({ file }) => {
    if (file === null) return [];
    const dot = file.name.indexOf(".");
    let name = file.name;
    for (let number = 2; taken.has(name); number++) name = `${file.name.slice(0, dot)}-${number}${file.name.slice(dot)}`;
    taken.add(name);
    return [{ path: join(folder, name), content: file.text }];
  });
  await writeFiles(files);
  err.write(`${plural(files.length, "file")} in ${folder}\n`);
}
