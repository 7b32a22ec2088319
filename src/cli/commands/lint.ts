import { plural, lintFindings, problemFindings, rulesLintFindings, table } from "../../report/index.ts";
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
  type LintCode,
  type LintReport,
  type PackageLevel,
  type PlacedFinding,
  type RulesLint,
} from "../../workbench/index.ts";
import { addCheckOptions, checkOutputs, pathsFrom, printsReport, writeChecks, type CheckFlags } from "../checking/outputs.ts";
import { changedRules, select } from "../checking/selection.ts";
import type { CommandContext } from "../context.ts";
import { EXIT, Failure } from "../failure.ts";
import { writeJson } from "../output/json.ts";
import type { Terminal } from "../output/terminal.ts";
import { today } from "../packages.ts";
import { openCases } from "../proof/rules.ts";
import { printRuleProblem } from "../rules.ts";
import { addSigmaOptions, sigmaOptions, type SigmaFlags } from "../sigma-options.ts";

interface LintFlags extends SigmaFlags, CheckFlags {
  readonly json?: true;
  readonly strictElastic?: true;
  readonly suppressed?: true;
  readonly explain?: string;
}

const COLOURS = { error: "red", warning: "yellow", hint: "cyan" } as const;

export function addLint(command: Command, context: CommandContext): void {
  command.argument("[path...]", "detection packages (default: the bundled ones), or rules of any kind that `hunt` takes");
  addCheckOptions(addSigmaOptions(command))
    .option("--strict-elastic", "only what Elastic's own pipelines produce, without Tocsin's additions")
    .option("--suppressed", "also list the findings that the package gives a reason for")
    .option("--explain <code>", "say what a finding means, how to fix it and when to suppress it")
    .option("--json", "every finding as JSON")
    .action(async (paths: string[], flags: LintFlags) => {
      context.exitCode =
        flags.explain === undefined ? await run(context, paths, flags) : explain(context.out, flags.explain, flags.json === true);
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

async function run(context: CommandContext, paths: readonly string[], flags: LintFlags): Promise<number> {
  const { out, err } = context;
  const json = flags.json === true;
  checkOutputs(flags, json);
  const options = { strictElastic: flags.strictElastic === true };
  const day = today();
  const { packages, problems, set, changed, broken } = await select(
    context,
    "lint",
    paths,
    { today: day, ...sigmaOptions(err, flags) },
    flags,
  );
  const reports = packages.map(({ folder, detection }) => {
    const level = packageLevel(detection, prove(detection, { today: day }));
    return { folder, report: { ...lintPackage(detection, options), ...level } };
  });
  const rules = set === null ? null : lintRules(changedRules(set, changed), options);
  const open = set === null ? [] : openCases(set);
  for (const problem of open) printRuleProblem(err, problem);
  if (json) writeJson(out, [...reports.map(({ report }) => report), ...(rules === null ? [] : [rules])]);
  else if (printsReport(flags, json)) {
    for (const { folder, report } of reports) print(out, folder, report, flags.suppressed === true);
    if (rules !== null) printRules(out, rules);
    if (changed !== null && reports.length === 0 && rules === null) out.write(`No package has changed since ${changed.ref}.\n`);
  }
  const code = broken
    ? EXIT.usage
    : reports.some(({ report }) => report.errors > 0) || (rules?.errors ?? 0) > 0
      ? EXIT.found
      : (set?.broken ?? 0) > 0
        ? EXIT.incomplete
        : EXIT.done;
  const here = pathsFrom(".");
  const findings = [
    ...problems,
    ...reports.flatMap(({ folder, report }) => lintFindings(report, pathsFrom(folder))),
    ...problemFindings(open, here),
    ...(rules === null ? [] : rulesLintFindings(rules, here)),
  ];
  await writeChecks(context, flags, findings, { command: "lint", exitCode: code });
  return code;
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
    `${plural(rules, "rule")}: ${plural(errors, "error")}, ${plural(warnings, "warning")}, ${plural(hints, "hint")}.${
      notJudged.length === 0
        ? ""
        : ` Of ${plural(notJudged.length, "rule")} about events that no data source declares, only the names of fields were checked.`
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
    `${plural(report.rules, "rule")}: ${plural(report.errors, "error")}, ${plural(report.warnings, "warning")}, ${plural(report.hints, "hint")}; ${report.suppressed} suppressed with a reason.\n`,
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
