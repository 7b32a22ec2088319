import { percent, table } from "../../report/index.ts";
import type { Command } from "commander";
import {
  evade,
  evadeCase,
  RawRecords,
  rulesEvasion,
  visible,
  type CaseEvasion,
  type EvasionReport,
  type RuleSet,
  type RulesEvasion,
  type Score,
} from "../../workbench/index.ts";
import type { CommandContext } from "../context.ts";
import { EXIT, Failure } from "../failure.ts";
import { writeJson } from "../output/json.ts";
import { requirePackages, today } from "../packages.ts";
import { planCases, readCase } from "../proof/rules.ts";
import { namedRules, printRuleProblem, rulesOfNoPackage } from "../rules.ts";
import { addSigmaOptions, sigmaOptions, type SigmaFlags } from "../sigma-options.ts";
import type { Terminal } from "../output/terminal.ts";

interface EvadeFlags extends SigmaFlags {
  readonly json?: true;
  readonly misses?: true;
  readonly min?: string;
}

export function addEvade(command: Command, context: CommandContext): void {
  command.argument("[path...]", "detection packages (default: the bundled ones), or rules of any kind with the cases that `prove` takes");
  addSigmaOptions(command)
    .option("--misses", "also list what each rule by itself no longer sees, and why")
    .option("--min <percent>", "exit with 1 when a package, or the rules of none, score less or nothing could be tried")
    .option("--json", "the whole report as JSON")
    .action(async (paths: string[], flags: EvadeFlags) => {
      context.exitCode = await run(context, paths, flags);
    });
}

async function run(context: CommandContext, paths: readonly string[], flags: EvadeFlags): Promise<number> {
  const { out, err } = context;
  const min = flags.min === undefined ? 0 : Number(flags.min);
  if (Number.isNaN(min) || min < 0 || min > 100) throw new Failure(`--min must be a percentage from 0 to 100, not ${flags.min}`);
  const wanted = namedRules(paths);
  const set = rulesOfNoPackage(context, wanted, { today: today(), ...sigmaOptions(err, flags) });
  const packages = paths.length > 0 && wanted.packages.length === 0 ? [] : requirePackages(err, wanted.packages, today());
  const reports = [...packages, ...(set?.packages ?? [])].map((detection) => evade(detection, { today: today() }));
  const rules = set === null ? null : await evadeRules(err, set);
  if (flags.json === true) writeJson(out, [...reports, ...(rules === null ? [] : [rules.report])]);
  else {
    for (const report of reports) print(out, report, flags.misses === true);
    if (rules !== null) printRules(out, rules.report, flags.misses === true);
  }
  const totals = [...reports.map(({ total }) => total), ...(rules === null ? [] : [rules.report.total])];
  // A score of nothing passes no gate.
  if (min > 0 && totals.some(({ share, trials }) => trials === 0 || share * 100 < min)) return EXIT.found;
  return rules?.incomplete === true || (set?.broken ?? 0) > 0 ? EXIT.incomplete : EXIT.done;
}

/** Events of a case that are mutated. */
const MAX_EVENTS = 10_000;

async function evadeRules(err: Terminal, set: RuleSet): Promise<{ readonly report: RulesEvasion; readonly incomplete: boolean }> {
  const plan = planCases(set);
  for (const problem of plan.problems) printRuleProblem(err, problem);
  const cases: CaseEvasion[] = [];
  for (const planned of plan.cases) {
    const raw = new RawRecords(MAX_EVENTS);
    await readCase(planned, raw);
    cases.push(evadeCase(planned, raw.records, Date.now()));
  }
  return { report: rulesEvasion(cases), incomplete: plan.problems.some(({ severity }) => severity === "error") };
}

/** Rules of no package: each with what it is weakest against. */
function printRules(out: Terminal, report: RulesEvasion, misses: boolean): void {
  const mutations = report.mutations.filter((m) => m.trials > 0).map((m) => [m.mutation, ...counted(m), m.title]);
  if (mutations.length > 0) out.write(`${table([{ title: "mutation" }, ...COUNTS, { title: "what changes" }], mutations, out.width)}\n\n`);
  const rules = report.rules.map((rule) => [
    rule.name,
    ...(rule.trials === 0 ? ["", "", ""] : counted(rule)),
    rule.weakest === null
      ? rule.trials === 0
        ? "not tried"
        : "none"
      : `${rule.weakest.mutation} (${rule.weakest.detected} of ${rule.weakest.trials})`,
  ]);
  if (rules.length > 0) out.write(`${table([{ title: "rule" }, ...COUNTS, { title: "weakest against" }], rules, out.width)}\n\n`);
  if (misses && report.misses.length > 0) {
    const rows = report.misses.map((miss) => [miss.rules.join(" "), miss.mutation, miss.case, miss.reason]);
    out.write(
      `${table([{ title: "rule" }, { title: "mutation" }, { title: "case", shrink: true }, { title: "why", shrink: true }], rows, out.width)}\n\n`,
    );
  }
  printNotTried(out, report);
  const { total } = report;
  out.write(total.trials === 0 ? NOTHING_TRIED : `${scoreText(out, total)}.\n`);
}

function print(out: Terminal, report: EvasionReport, misses: boolean): void {
  out.write(`${out.paint("bold", report.detection)}  ${report.cases} positive cases, ${report.total.trials} mutated recordings\n\n`);
  const mutations = report.mutations.filter((m) => m.trials > 0).map((m) => [m.mutation, ...counted(m), m.title]);
  out.write(`${table([{ title: "mutation" }, ...COUNTS, { title: "what changes" }], mutations, out.width)}\n\n`);
  const rules = report.rules.map((rule) => [
    rule.rule,
    ...(rule.trials === 0 ? ["", "", ""] : counted(rule)),
    rule.weakest === null
      ? rule.trials === 0
        ? "not tried"
        : "none"
      : `${rule.weakest.mutation} (${rule.weakest.detected} of ${rule.weakest.trials})`,
  ]);
  out.write(`${table([{ title: "rule" }, ...COUNTS, { title: "weakest against" }], rules, out.width)}\n`);
  if (misses) {
    const rows = report.rules.flatMap((rule) => rule.misses.map((miss) => [rule.rule, miss.mutation, miss.case, miss.reason]));
    if (rows.length > 0)
      out.write(
        `\n${table([{ title: "rule" }, { title: "mutation" }, { title: "case", shrink: true }, { title: "why", shrink: true }], rows, out.width)}\n`,
      );
  }
  if (report.misses.length > 0) {
    out.write(`\n${out.paint("bold", "No rule sees")}\n`);
    const rows = report.misses.map((miss) => [
      miss.mutation,
      miss.case,
      miss.invisible === null ? "a rule could" : "invisible",
      miss.invisible ?? miss.reasons.map((r) => `${r.rule}: ${r.reason}`).join("; "),
    ]);
    out.write(
      `${table([{ title: "mutation" }, { title: "case", shrink: true }, { title: "telemetry" }, { title: "why", shrink: true }], rows, out.width)}\n`,
    );
  }
  out.write("\n");
  printNotTried(out, report);
  const { total, bothSides, weakest } = report;
  if (total.trials === 0) {
    out.write(NOTHING_TRIED);
    return;
  }
  out.write(
    `\n${scoreText(out, total)}, each recording alone; ` +
      `${percent(bothSides.share)} on the source or the target (${bothSides.detected} of ${bothSides.trials}). ` +
      `${report.invisible} of the ${report.misses.length} misses are invisible in that telemetry. ` +
      `${weakest === null ? "No mutation gets past." : `Weakest against ${weakest.mutation}: ${weakest.detected} of ${weakest.trials}.`}\n`,
  );
}

const NOTHING_TRIED =
  "Nothing was tried: there is no recording of an attack that could be rewritten. `tocsin record` cuts cases out of a log.\n";

/** `95.0 % of the mutated recordings are still detected (19 of 20)` */
function scoreText(out: Terminal, { share, detected, trials }: Score): string {
  return `${out.paint("bold", `${percent(share)} of the mutated recordings are still detected`)} (${detected} of ${trials})`;
}

/** Mutations that no case could show, and cases that could not be used. */
function printNotTried(out: Terminal, { mutations, notTried, skipped }: Pick<EvasionReport, "mutations" | "notTried" | "skipped">): void {
  for (const { mutation, why } of notTried.filter(({ mutation: id }) => mutations.some((m) => m.mutation === id && m.trials === 0)))
    out.write(`Not tried: ${mutation}: ${why}\n`);
  for (const { case: name, reason } of skipped) out.write(`Not tried: ${visible(name)}: ${reason}.\n`);
}

const COUNTS = [
  { title: "seen", align: "right" },
  { title: "of", align: "right" },
  { title: "share", align: "right" },
] as const;

function counted(score: Score): string[] {
  return [String(score.detected), String(score.trials), percent(score.share)];
}
