import { percent, table } from "../../report/index.ts";
import type { Command } from "commander";
import { evade, type EvasionReport, type Score } from "../../workbench/index.ts";
import type { CommandContext } from "../context.ts";
import { EXIT, Failure } from "../failure.ts";
import { writeJson } from "../output/json.ts";
import { requirePackages, today } from "../packages.ts";
import type { Terminal } from "../output/terminal.ts";

interface EvadeFlags {
  readonly json?: true;
  readonly misses?: true;
  readonly min?: string;
}

export function addEvade(program: Command, context: CommandContext): void {
  program
    .command("evade")
    .description("rewrite each positive case as an attacker could have done it otherwise, and score what is still detected")
    .argument("[package...]", "detection packages (default: the bundled ones)")
    .option("--misses", "also list what each rule by itself no longer sees, and why")
    .option("--min <percent>", "exit with 1 when a package scores less")
    .option("--json", "the whole report as JSON")
    .action((paths: string[], flags: EvadeFlags) => {
      context.exitCode = run(context, paths, flags);
    });
}

function run({ out, err }: CommandContext, paths: readonly string[], flags: EvadeFlags): number {
  const min = flags.min === undefined ? 0 : Number(flags.min);
  if (Number.isNaN(min) || min < 0 || min > 100) throw new Failure(`--min must be a percentage from 0 to 100, not ${flags.min}`);
  const reports = requirePackages(err, paths, today()).map((detection) => evade(detection, { today: today() }));
  if (flags.json === true) writeJson(out, reports);
  else for (const report of reports) print(out, report, flags.misses === true);
  return reports.some((report) => report.total.share * 100 < min) ? EXIT.found : EXIT.done;
}

function print(out: Terminal, report: EvasionReport, misses: boolean): void {
  out.write(`${out.paint("bold", report.detection)}  ${report.cases} positive cases, ${report.total.trials} mutated recordings\n\n`);
  const mutations = report.mutations.filter((m) => m.trials > 0).map((m) => [m.mutation, ...counted(m), m.title]);
  out.write(`${table([{ title: "mutation" }, ...COUNTS, { title: "what changes" }], mutations)}\n\n`);
  const rules = report.rules.map((rule) => [
    rule.rule,
    ...(rule.trials === 0 ? ["", "", ""] : counted(rule)),
    rule.weakest === null
      ? rule.trials === 0
        ? "not tried"
        : "none"
      : `${rule.weakest.mutation} (${rule.weakest.detected} of ${rule.weakest.trials})`,
  ]);
  out.write(`${table([{ title: "rule" }, ...COUNTS, { title: "weakest against" }], rules)}\n`);
  if (misses) {
    const rows = report.rules.flatMap((rule) => rule.misses.map((miss) => [rule.rule, miss.mutation, miss.case, miss.reason]));
    if (rows.length > 0) out.write(`\n${table([{ title: "rule" }, { title: "mutation" }, { title: "case" }, { title: "why" }], rows)}\n`);
  }
  if (report.misses.length > 0) {
    out.write(`\n${out.paint("bold", "No rule sees")}\n`);
    const rows = report.misses.map((miss) => [
      miss.mutation,
      miss.case,
      miss.invisible === null ? "a rule could" : "invisible",
      miss.invisible ?? miss.reasons.map((r) => `${r.rule}: ${r.reason}`).join("; "),
    ]);
    out.write(`${table([{ title: "mutation" }, { title: "case" }, { title: "telemetry" }, { title: "why" }], rows)}\n`);
  }
  for (const { case: name, reason } of report.skipped) out.write(`\nNot tried: ${name}: ${reason}.`);
  const { total, bothSides, weakest } = report;
  out.write(
    `\n${out.paint("bold", `${percent(total.share)} of the mutated recordings are still detected`)} (${total.detected} of ${total.trials}), each recording alone; ` +
      `${percent(bothSides.share)} on the source or the target (${bothSides.detected} of ${bothSides.trials}). ` +
      `${report.invisible} of the ${report.misses.length} misses are invisible in that telemetry. ` +
      `${weakest === null ? "No mutation gets past." : `Weakest against ${weakest.mutation}: ${weakest.detected} of ${weakest.trials}.`}\n`,
  );
}

const COUNTS = [
  { title: "seen", align: "right" },
  { title: "of", align: "right" },
  { title: "share", align: "right" },
] as const;

function counted(score: Score): string[] {
  return [String(score.detected), String(score.trials), percent(score.share)];
}
