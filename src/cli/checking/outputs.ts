/** What `lint` and `prove` write for build servers beside their report. */
import { relative, resolve, sep } from "node:path";
import { Option, type Command } from "commander";
import { ANNOTATIONS, githubAnnotations, gitlabCodeQuality, sarif, type CheckFinding, type PathOf } from "../../report/index.ts";
import type { CommandContext } from "../context.ts";
import { Failure } from "../failure.ts";
import { writeFiles } from "../output/files.ts";
import { version } from "../version.ts";

export interface CheckFlags {
  readonly sarif?: string;
  readonly annotations?: (typeof ANNOTATIONS)[number];
  readonly changed?: string | true;
}

export function addCheckOptions(command: Command): Command {
  return command
    .option("--sarif <file>", "also write SARIF 2.1.0, for code scanning and editors")
    .addOption(
      new Option(
        "--annotations <server>",
        "github: also print workflow commands; gitlab: print a code quality report instead of the report",
      ).choices(ANNOTATIONS),
    )
    .option(
      "--changed [ref]",
      "only packages and rules that git says have changed since their branch left this one (default: HEAD, the last commit)",
    );
}

/** Before the work: what cannot be printed together. */
export function checkOutputs({ annotations }: CheckFlags, json: boolean): void {
  if (json && annotations !== undefined)
    throw new Failure(`--json and --annotations ${annotations} exclude each other`, { help: "Choose one." });
}

/** Whether the report itself is printed. */
export function printsReport({ annotations }: CheckFlags, json: boolean): boolean {
  return !json && annotations !== "gitlab";
}

export async function writeChecks(
  { out }: CommandContext,
  flags: CheckFlags,
  findings: readonly CheckFinding[],
  { command, exitCode }: { readonly command: string; readonly exitCode: number },
): Promise<void> {
  if (flags.sarif !== undefined) await writeFiles([{ path: flags.sarif, content: sarif(findings, { version, exitCode, command }) }]);
  if (flags.annotations === "github") out.write(githubAnnotations(findings));
  else if (flags.annotations === "gitlab") out.write(gitlabCodeQuality(findings));
}

/** Paths from here, for files whose paths are from a folder; whole where a file lies elsewhere. */
export function pathsFrom(folder: string): PathOf {
  return (file) => {
    const whole = resolve(folder, file);
    const path = relative(process.cwd(), whole);
    return (path.startsWith("..") ? whole : path).split(sep).join("/");
  };
}
