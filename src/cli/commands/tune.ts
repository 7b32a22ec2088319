import type { Command } from "commander";
import {
  propose,
  visible,
  writtenAlerts,
  type LogRecord,
  type Proposal,
  type Proposals,
  type WrittenAlert,
} from "../../workbench/index.ts";
import type { CommandContext } from "../context.ts";
import type { Terminal } from "../output/terminal.ts";
import { EXIT, Failure } from "../failure.ts";
import { readWithProgress } from "../hunting.ts";
import { writeJson } from "../output/json.ts";
import { requirePackages, today } from "../packages.ts";

interface TuneFlags {
  readonly rules?: readonly string[];
  readonly falsePositive?: readonly string[];
  readonly owner?: string;
  readonly reason?: string;
  readonly expires?: string;
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
    .option("--rules <path...>", "detection packages instead of the bundled ones")
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
  const packages = requirePackages(err, flags.rules ?? [], day);
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
  const all = packages.map((detection) => propose(detection, alerts, options)).filter((p) => p.alerts > 0);
  const unknown = falsePositives.filter((id) => !alerts.some((alert) => alert.id === id));
  if (unknown.length > 0) throw new Failure(`there is no alert ${unknown.join(", ")}`, { help: "Ids are in event.id of the alerts." });
  if (others > 0) err.write(`${err.paint("yellow", "warning")}: ${others} records are no alerts of tocsin\n`);
  const foreign = alerts.length - all.reduce((sum, p) => sum + p.alerts, 0);
  if (foreign > 0)
    err.write(`${err.paint("yellow", "warning")}: ${foreign} alerts are of rules of other packages; name theirs with --rules\n`);
  if (flags.json === true) writeJson(out, all);
  else for (const proposals of all) print(out, proposals);
  if (input.errors > 0) return EXIT.incomplete;
  return all.some((p) => p.left.length > 0 || p.proposals.some((one) => one.verdict === "refused")) ? EXIT.found : EXIT.done;
}

/** YAML with the findings as comments, so that all of it can be pasted. */
function print(out: Terminal, { detection, alerts, falsePositives, allTaken, proposals, left }: Proposals): void {
  note(
    out,
    `${detection}: ${alerts} alerts, ${allTaken ? "none marked, so all are taken for false positives" : `${falsePositives} of them false positives`}.`,
  );
  const good = proposals.filter((p) => p.verdict !== "refused");
  if (good.length > 0) {
    note(out, "Items of `exceptions` in tuning.yaml. Each says who answers for it and until when; read them before you paste them.");
    out.write("\n");
  }
  for (const proposal of good) {
    for (const line of effectLines(proposal)) note(out, line);
    out.write(`${indented(proposal.yaml!)}\n\n`);
  }
  for (const proposal of proposals.filter((p) => p.verdict === "refused")) {
    note(out, `REFUSED, for ${proposal.removes.length} alerts: ${proposal.exception.title}`);
    for (const problem of proposal.problems) note(out, `  ${problem}`);
  }
  for (const { rule, id, what, why } of left) note(out, `NO EXCEPTION for ${rule} ${id} (${what}): ${why}`);
}

function effectLines({ removes, alsoHides, cases, casesRun }: Proposal): string[] {
  const lines = [
    `Removes ${removes.length} ${removes.length === 1 ? "alert" : "alerts"}; of ${casesRun} cases it silences none that shows an attack.`,
  ];
  for (const { rule, id, host, what } of alsoHides) lines.push(`ALSO HIDES ${rule} ${id} on ${host}: ${what}`);
  for (const c of cases) lines.push(`Changes case ${c.name} (${c.kind}): ${c.rules.join(", ")}. Move it from its fires to its excepted.`);
  return lines;
}

function note(out: Terminal, text: string): void {
  out.write(`${out.paint("dim", `# ${visible(text)}`)}\n`);
}

/** As an item of a list stands in tuning.yaml. */
function indented(yaml: string): string {
  return yaml
    .trimEnd()
    .split("\n")
    .map((line) => `  ${visible(line)}`)
    .join("\n");
}
