import { readdirSync, statSync, watch, type FSWatcher } from "node:fs";
import { dirname, join } from "node:path";
import type { Command } from "commander";
import { junit, problemFindings, proofFindings, proofReport, rulesProofFindings, rulesProofReport } from "../../report/index.ts";
import { prove, type Proof } from "../../workbench/index.ts";
import { addCheckOptions, checkOutputs, pathsFrom, printsReport, writeChecks, type CheckFlags } from "../checking/outputs.ts";
import { select } from "../checking/selection.ts";
import type { CommandContext } from "../context.ts";
import { EXIT, Failure } from "../failure.ts";
import { writeFiles } from "../output/files.ts";
import { writeJson } from "../output/json.ts";
import type { Terminal } from "../output/terminal.ts";
import { holdsPackages, loadPackages, packageFolders, rulePaths, today } from "../packages.ts";
import { proveRules, rulesProofJson } from "../proof/rules.ts";
import { printRuleProblem } from "../rules.ts";
import { addSigmaOptions, sigmaOptions, type SigmaFlags } from "../sigma-options.ts";

interface ProveFlags extends SigmaFlags, CheckFlags {
  readonly json?: true;
  readonly junit?: string;
  readonly case?: string;
  readonly watch?: true;
}

export function addProve(command: Command, context: CommandContext): void {
  command.argument(
    "[path...]",
    "detection packages (default: the bundled ones); rules of any kind, with NAME.cases.yaml beside them or SigmaHQ's regression_data",
  );
  addCheckOptions(addSigmaOptions(command))
    .option("--case <text>", "only cases whose name holds this text")
    .option("--json", "the whole proof as JSON")
    .option("--junit <file>", "also write JUnit XML: one file, with a suite for each package and one for rules of none")
    .option("--watch", "prove again whenever a file changes")
    .action(async (paths: string[], flags: ProveFlags) => {
      context.exitCode = await run(context, paths, flags);
      if (flags.watch !== true) return;
      const folders = (paths.length === 0 ? [] : rulePaths(paths)).flatMap((path) =>
        holdsPackages(path) ? packageFolders(path) : folderOf(path),
      );
      await watching(context, folders.length > 0 ? folders : loadPackages([], today()).map((p) => p.folder), async () => {
        context.exitCode = await rerun(context, paths, flags);
        context.out.flush();
      });
    });
}

/** A package that is broken for a moment, or gone, does not end the watch. */
async function rerun(context: CommandContext, paths: readonly string[], flags: ProveFlags): Promise<number> {
  try {
    return await run(context, paths, flags);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { err } = context;
    err.write(`${err.paint(["bold", "red"], "error")}: ${error.message}\n`);
    return error.exitCode;
  }
}

function folderOf(path: string): string {
  return statSync(path).isDirectory() ? path : dirname(path);
}

async function run(context: CommandContext, paths: readonly string[], flags: ProveFlags): Promise<number> {
  const { out, err } = context;
  const json = flags.json === true;
  checkOutputs(flags, json);
  const day = today();
  const { packages, problems, set, changed, broken } = await select(
    context,
    "prove",
    paths,
    { today: day, ...sigmaOptions(err, flags) },
    flags,
  );
  const proofs = packages.map(({ folder, detection }) => ({
    detection,
    proof: prove(detection, { today: day, ...(flags.case === undefined ? {} : { only: flags.case }) }),
    pathOf: pathsFrom(folder),
  }));
  const proved = set === null ? null : await proveRules(set, { only: flags.case, changed });
  for (const problem of proved?.problems ?? []) printRuleProblem(err, problem);
  const cases = proofs.reduce((sum, { proof }) => sum + proof.cases.length, proved?.proof.cases.length ?? 0);
  if (flags.case !== undefined && changed === null && !broken && cases === 0)
    throw new Failure(`no case's name holds "${flags.case}"`, {
      help: "The names of a package's cases are those of the folders under cases/.",
    });
  if (flags.junit !== undefined) await writeFiles([{ path: flags.junit, content: junit(proofs, proved?.proof ?? null) }]);
  if (json) writeJson(out, [...proofs.map(({ proof }) => proofJson(proof)), ...(proved === null ? [] : [rulesProofJson(proved)])]);
  else if (printsReport(flags, json)) {
    for (const { proof } of proofs) {
      printReport(out, proofReport(proof));
      out.write(
        proof.holds ? `${out.paint("green", "The package holds.")}\n` : `${out.paint(["bold", "red"], "The package does not hold.")}\n`,
      );
    }
    if (proved !== null) printReport(out, rulesProofReport(proved.proof));
    if (changed !== null && cases === 0) out.write(`No case has changed since ${changed.ref}.\n`);
    else if (proved !== null && cases === 0)
      err.write(
        `${err.paint("cyan", "help")}: a rule's cases lie beside it in NAME.cases.yaml; \`tocsin record\` cuts them out of a log\n`,
      );
  }
  const code = codeOf();
  const here = pathsFrom(".");
  const findings = [
    ...problems,
    ...proofs.flatMap(({ detection, proof, pathOf }) => proofFindings(detection, proof, pathOf)),
    ...problemFindings(proved?.problems ?? [], here),
    ...(proved === null ? [] : rulesProofFindings(proved.proof, here)),
  ];
  await writeChecks(context, flags, findings, { command: "prove", exitCode: code });
  return code;

  function codeOf(): number {
    if (broken) return EXIT.usage;
    if (proofs.some(({ proof }) => !proof.holds) || (proved?.proof.failed ?? 0) > 0) return EXIT.found;
    const incomplete = (set?.broken ?? 0) > 0 || proved?.problems.some(({ severity }) => severity === "error") === true;
    return incomplete ? EXIT.incomplete : EXIT.done;
  }
}

function proofJson({ cases, ...proof }: Proof): object {
  return {
    ...proof,
    cases: cases.map(({ case: c, events, ...result }) => ({
      case: c.name,
      title: c.title,
      kind: c.kind,
      events: events.length,
      ...result,
    })),
  };
}

function printReport(out: Terminal, lines: readonly string[]): void {
  for (const line of lines) out.write(`${line.startsWith("FAILED") || line.startsWith("error") ? out.paint("red", line) : line}\n`);
}

/**
 * Watches each folder by itself: the recursive watch of Node loses files of subfolders on Linux once they were replaced, and a write
 * in place in them. Folders that come or go are followed.
 */
async function watching({ out, err, interrupted }: CommandContext, folders: readonly string[], again: () => Promise<void>): Promise<void> {
  const watched = new Map<string, FSWatcher>();
  let timer: NodeJS.Timeout | null = null;
  let running = Promise.resolve();
  const failed = Promise.withResolvers<never>();
  const changed = (): void => {
    // Editors write a file in several steps.
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(() => {
      follow();
      running = running.then(again).catch(failed.reject);
    }, 100);
  };
  const follow = (): void => {
    const there = new Set(folders.flatMap(foldersIn));
    for (const [folder, watcher] of watched) {
      if (there.has(folder)) continue;
      watcher.close();
      watched.delete(folder);
    }
    for (const folder of there) {
      if (watched.has(folder)) continue;
      try {
        const watcher = watch(folder, changed);
        watcher.on("error", () => {
          watcher.close();
          watched.delete(folder);
        });
        watched.set(folder, watcher);
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        err.write(`${err.paint("yellow", "warning")}: ${folder} cannot be watched: ${code ?? message}\n`);
      }
    }
  };
  follow();
  err.write("Watching for changes; Ctrl-C ends.\n");
  out.flush();
  try {
    await Promise.race([interrupted(), failed.promise]);
  } finally {
    if (timer !== null) clearTimeout(timer);
    for (const watcher of watched.values()) watcher.close();
  }
}

/** The folder and those in it; none when it is gone. */
function foldersIn(folder: string): string[] {
  try {
    const inside = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isDirectory());
    return [folder, ...inside.map((entry) => join(entry.parentPath, entry.name))];
  } catch {
    return [];
  }
}
