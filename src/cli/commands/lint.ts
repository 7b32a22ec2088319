import { table } from "../../report/index.ts";
import { relative } from "node:path";
import type { Command } from "commander";
import {
  LEVELS,
  LINT_CODES,
  lintExplanation,
  lintPackage,
  lintRules,
  packageLevel,
  placeText,
  prove,
  visible,
  type Detection,
  type LintCode,
  type LintReport,
  type PackageLevel,
  type PlacedFinding,
  type RulesLint,
} from "../../workbench/index.ts";
import type { CommandContext } from "../context.ts";
import { EXIT, Failure } from "../failure.ts";
import { writeJson } from "../output/json.ts";
import type { Terminal } from "../output/terminal.ts";
import { holdsPackages, loadPackages, printProblems, today } from "../packages.ts";
import { openCases } from "../proof/rules.ts";
import { printRuleProblem, requireRules } from "../rules.ts";
import { addSigmaOptions, sigmaOptions, type SigmaFlags } from "../sigma-options.ts";

interface LintFlags extends SigmaFlags {
  readonly json?: true;
  readonly strictElastic?: true;
  readonly suppressed?: true;
  readonly explain?: string;
}

const COLOURS = { error: "red", warning: "yellow", hint: "cyan" } as const;

export function addLint(command: Command, context: CommandContext): void {
  command.argument("[path...]", "detection packages (default: the bundled ones), or rules of any kind that `hunt` takes");
  addSigmaOptions(command)
    .option("--strict-elastic", "only what Elastic's own pipelines produce, without Tocsin's additions")
    .option("--suppressed", "also list the findings that the package gives a reason for")
    .option("--explain <code>", "say what a finding means, how to fix it and when to suppress it")
    .option("--json", "every finding as JSON")
    .action((paths: string[], flags: LintFlags) => {
      context.exitCode =
        flags.explain === undefined ? run(context, paths, flags) : explain(context.out, flags.explain, flags.json === true);
    });
}

function explain(out: Terminal, code: string, json: boolean): number {
  const known = Object.keys(LINT_CODES) as LintCode[];
  const found = known.find((name) => name === code);
  if (found === undefined) throw new Failure(`the linter has no finding '${code}'`, { help: `Findings are ${known.join(", ")}.` });
  if (json) writeJson(out, { code: found, ...LINT_CODES[found] });
  else out.write(lintExplanation(found));
  return EXIT.done;
}

function run(context: CommandContext, paths: readonly string[], flags: LintFlags): number {
  const { out, err } = context;
  const options = { strictElastic: flags.strictElastic === true };
  const others = paths.filter((path) => !holdsPackages(path));
  const day = today();
  const reports: { readonly folder: string; readonly report: LintReport & PackageLevel }[] = [];
  const add = (folder: string, detection: Detection): void => {
    const level = packageLevel(detection, prove(detection, { today: day }));
    reports.push({ folder, report: { ...lintPackage(detection, options), ...level } });
  };
  let broken = false;
  for (const { folder, detection, problems } of others.length > 0 && others.length === paths.length
    ? []
    : loadPackages(paths.filter(holdsPackages), day)) {
    printProblems(err, folder, problems);
    if (detection === null) broken = true;
    else add(folder, detection);
  }
  const set = others.length === 0 ? null : requireRules(context, others, { today: day, ...sigmaOptions(err, flags) });
  // Packages among other rules: which of the folders they lay in is not kept.
  for (const detection of set?.packages ?? []) add(detection.id, detection);
  const rules = set === null ? null : lintRules(set, options);
  if (set !== null) for (const problem of openCases(set)) printRuleProblem(err, problem);
  if (flags.json === true) writeJson(out, [...reports.map(({ report }) => report), ...(rules === null ? [] : [rules])]);
  else {
    for (const { folder, report } of reports) print(out, folder, report, flags.suppressed === true);
    if (rules !== null) printRules(out, rules);
  }
  if (broken) return EXIT.usage;
  if (reports.some(({ report }) => report.errors > 0) || (rules?.errors ?? 0) > 0) return EXIT.found;
  return (set?.broken ?? 0) > 0 ? EXIT.incomplete : EXIT.done;
}

/** Rules of no package: a line for each finding, with its place first, as compilers have it. */
function printRules(out: Terminal, { rules, findings, errors, warnings, hints, notJudged }: RulesLint): void {
  let last: string | null = null;
  for (const { place, severity, code, message, name } of findings) {
    if (name !== last) out.write(`${last === null ? "" : "\n"}${out.paint("bold", visible(name))}\n`);
    last = name;
    out.write(`${visible(placeText(place))}: ${out.paint(COLOURS[severity], severity)}: ${visible(message)} [${code}]\n`);
  }
  if (findings.length > 0) out.write("\n");
  out.write(
    `${count(rules, "rule")}: ${count(errors, "error")}, ${count(warnings, "warning")}, ${count(hints, "hint")}.${
      notJudged.length === 0
        ? ""
        : ` Of ${count(notJudged.length, "rule")} about events that no data source declares, only the names of fields were checked.`
    }\n`,
  );
}

function print(out: Terminal, folder: string, report: LintReport & PackageLevel, all: boolean): void {
  const shown = report.findings.filter((finding) => all || finding.suppressed === null);
  out.write(`${out.paint("bold", report.detection)}  ${relative(process.cwd(), folder) || "."}\n`);
  const byRule = new Map<string, PlacedFinding[]>();
  for (const finding of shown) byRule.set(finding.rule, [...(byRule.get(finding.rule) ?? []), finding]);
  for (const [rule, findings] of byRule) {
    out.write(`\n${out.paint("bold", rule)}\n`);
    const rows = findings.map((f) => [
      placeText(f.place),
      f.suppressed === null ? f.severity : "suppressed",
      f.code,
      f.suppressed === null ? f.message : `${f.message} Suppressed: ${f.suppressed}`,
    ]);
    out.write(
      `${table(
        [
          { title: "place" },
          {
            title: "severity",
            paint: (text, row) => (findings[row]!.suppressed === null ? out.paint(COLOURS[findings[row]!.severity], text) : text),
          },
          { title: "code" },
          { title: "finding" },
        ],
        rows,
      )}\n`,
    );
  }
  if (shown.length > 0) out.write("\n");
  out.write(
    `${count(report.rules, "rule")}: ${count(report.errors, "error")}, ${count(report.warnings, "warning")}, ${count(report.hints, "hint")}; ${report.suppressed} suppressed with a reason.\n`,
  );
  printLevel(out, report);
}

/** Most things that a level lacks that are listed. */
const LISTED = 12;

function printLevel(out: Terminal, { level, missing }: PackageLevel): void {
  out.write(`Level: ${out.paint("bold", level)} (of ${LEVELS.join(", ")}).\n`);
  for (const next of LEVELS) {
    const lacks = missing.filter((one) => one.level === next).map(({ what }) => visible(what));
    if (lacks.length === 0) continue;
    out.write(`  For ${next}:\n`);
    for (const what of lacks.slice(0, LISTED)) out.write(`    ${what}\n`);
    if (lacks.length > LISTED) out.write(`    ... and ${lacks.length - LISTED} more\n`);
  }
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? "" : "s"}`;
}
