import { table } from "../../report/index.ts";
import { relative } from "node:path";
import type { Command } from "commander";
import {
  LINT_CODES,
  lintExplanation,
  lintPackage,
  placeText,
  type LintCode,
  type LintReport,
  type PlacedFinding,
} from "../../workbench/index.ts";
import type { CommandContext } from "../context.ts";
import { EXIT, Failure } from "../failure.ts";
import { writeJson } from "../output/json.ts";
import type { Terminal } from "../output/terminal.ts";
import { loadPackages, printProblems, today } from "../packages.ts";

interface LintFlags {
  readonly json?: true;
  readonly strictElastic?: true;
  readonly suppressed?: true;
  readonly explain?: string;
}

const COLOURS = { error: "red", warning: "yellow", hint: "cyan" } as const;

export function addLint(program: Command, context: CommandContext): void {
  program
    .command("lint")
    .description("hold the rules of a detection package against what their data sources can produce")
    .argument("[package...]", "detection packages (default: the bundled ones)")
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

function run({ out, err }: CommandContext, paths: readonly string[], flags: LintFlags): number {
  const reports: { readonly folder: string; readonly report: LintReport }[] = [];
  let broken = false;
  for (const { folder, detection, problems } of loadPackages(paths, today())) {
    printProblems(err, folder, problems);
    if (detection === null) broken = true;
    else reports.push({ folder, report: lintPackage(detection, { strictElastic: flags.strictElastic === true }) });
  }
  if (flags.json === true)
    writeJson(
      out,
      reports.map(({ report }) => report),
    );
  else for (const { folder, report } of reports) print(out, folder, report, flags.suppressed === true);
  if (broken) return EXIT.usage;
  return reports.some(({ report }) => report.errors > 0) ? EXIT.found : EXIT.done;
}

function print(out: Terminal, folder: string, report: LintReport, all: boolean): void {
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
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? "" : "s"}`;
}
