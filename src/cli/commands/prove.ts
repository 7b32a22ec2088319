import { readdirSync, statSync, watch, type FSWatcher } from "node:fs";
import { dirname, join } from "node:path";
import type { Command } from "commander";
import { junit, proofReport, rulesJunit, rulesProofReport } from "../../report/index.ts";
import { prove, type Detection, type LoadRulesOptions, type Proof } from "../../workbench/index.ts";
import type { CommandContext } from "../context.ts";
import { EXIT, Failure } from "../failure.ts";
import { writeFiles } from "../output/files.ts";
import { writeJson } from "../output/json.ts";
import type { Terminal } from "../output/terminal.ts";
import { holdsPackages, loadPackages, packageFolders, printProblems, today } from "../packages.ts";
import { proveRules, rulesProofJson, type ProvedRules } from "../proof/rules.ts";
import { printRuleProblem, requireRules } from "../rules.ts";
import { addSigmaOptions, sigmaOptions, type SigmaFlags } from "../sigma-options.ts";

interface ProveFlags extends SigmaFlags {
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
  addSigmaOptions(command)
    .option("--case <text>", "only cases whose name holds this text")
    .option("--json", "the whole proof as JSON")
    .option("--junit <file>", "also write JUnit XML, for CI; of several packages a file each, -ID before its ending")
    .option("--watch", "prove again whenever a file changes")
    .action(async (paths: string[], flags: ProveFlags) => {
      context.exitCode = await run(context, paths, flags);
      if (flags.watch !== true) return;
      const folders = paths.flatMap((path) => (holdsPackages(path) ? packageFolders(path) : folderOf(path)));
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
  const day = today();
  const others = paths.filter((path) => !holdsPackages(path));
  const loaded = others.length > 0 && others.length === paths.length ? [] : loadPackages(paths.filter(holdsPackages), day);
  const proofs: Proof[] = [];
  let broken = false;
  for (const { folder, detection, problems } of loaded) {
    printProblems(err, folder, problems);
    if (detection === null) broken = true;
    else proofs.push(prove(detection, { today: day, ...(flags.case === undefined ? {} : { only: flags.case }) }));
  }
  const rules = others.length === 0 ? null : await provedRules(context, others, { today: day, ...sigmaOptions(err, flags) }, flags.case);
  for (const detection of rules?.packages ?? [])
    proofs.push(prove(detection, { today: day, ...(flags.case === undefined ? {} : { only: flags.case }) }));
  const proved = rules?.proved ?? null;
  const cases = proofs.reduce((sum, proof) => sum + proof.cases.length, proved?.proof.cases.length ?? 0);
  if (flags.case !== undefined && !broken && cases === 0)
    throw new Failure(`no case's name holds "${flags.case}"`, {
      help: "The names of a package's cases are those of the folders under cases/.",
    });
  if (flags.junit !== undefined) await writeJunit(flags.junit, proofs, proved);
  if (flags.json === true) writeJson(out, [...proofs.map(proofJson), ...(proved === null ? [] : [rulesProofJson(proved)])]);
  else {
    for (const proof of proofs) {
      printReport(out, proofReport(proof));
      out.write(
        proof.holds ? `${out.paint("green", "The package holds.")}\n` : `${out.paint(["bold", "red"], "The package does not hold.")}\n`,
      );
    }
    if (proved !== null) printReport(out, rulesProofReport(proved.proof));
  }
  if (broken) return EXIT.usage;
  if (proofs.some((proof) => !proof.holds) || (proved?.proof.failed ?? 0) > 0) return EXIT.found;
  return rules?.incomplete === true ? EXIT.incomplete : EXIT.done;
}

/** Rules of any kind, and the packages that lie among them. */
async function provedRules(
  context: CommandContext,
  paths: readonly string[],
  options: LoadRulesOptions,
  only: string | undefined,
): Promise<{ readonly packages: readonly Detection[]; readonly proved: ProvedRules; readonly incomplete: boolean }> {
  const set = requireRules(context, paths, options);
  const proved = await proveRules(set, only);
  for (const problem of proved.problems) printRuleProblem(context.err, problem);
  const incomplete = set.broken > 0 || proved.problems.some(({ severity }) => severity === "error");
  return { packages: set.packages, proved, incomplete };
}

async function writeJunit(file: string, proofs: readonly Proof[], proved: ProvedRules | null): Promise<void> {
  const documents = proofs.map((proof) => ({ name: proof.detection, content: junit(proof) }));
  if (proved !== null) documents.push({ name: "rules", content: rulesJunit(proved.proof) });
  await writeFiles(
    documents.map(({ name, content }) => ({
      path: documents.length === 1 ? file : file.replace(/(\.\w+)?$/, `-${name}$1`),
      content,
    })),
  );
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
