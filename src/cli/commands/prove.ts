import { readdirSync, watch, type FSWatcher } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { junit, proofReport } from "../../report/index.ts";
import { prove, type Proof } from "../../workbench/index.ts";
import type { CommandContext } from "../context.ts";
import { EXIT, Failure } from "../failure.ts";
import { writeFiles } from "../output/files.ts";
import { writeJson } from "../output/json.ts";
import { loadPackages, packageFolders, printProblems, today } from "../packages.ts";

interface ProveFlags {
  readonly json?: true;
  readonly junit?: string;
  readonly case?: string;
  readonly watch?: true;
}

export function addProve(program: Command, context: CommandContext): void {
  program
    .command("prove")
    .description("run a detection package against its own recorded cases, and hold its documents to what they show")
    .argument("[package...]", "detection packages (default: the bundled ones)")
    .option("--case <text>", "only cases whose name holds this text")
    .option("--json", "the whole proof as JSON")
    .option("--junit <file>", "also write JUnit XML, for CI; of several packages a file each, -ID before its ending")
    .option("--watch", "prove again whenever a file of the package changes")
    .action(async (paths: string[], flags: ProveFlags) => {
      context.exitCode = await run(context, paths, flags);
      if (flags.watch !== true) return;
      const folders = paths.flatMap(packageFolders);
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

async function run({ out, err }: CommandContext, paths: readonly string[], flags: ProveFlags): Promise<number> {
  const day = today();
  const loaded = loadPackages(paths, day);
  const proofs: Proof[] = [];
  let broken = false;
  for (const { folder, detection, problems } of loaded) {
    printProblems(err, folder, problems);
    if (detection === null) broken = true;
    else proofs.push(prove(detection, { today: day, ...(flags.case === undefined ? {} : { only: flags.case }) }));
  }
  if (flags.case !== undefined && !broken && proofs.every((proof) => proof.cases.length === 0))
    throw new Failure(`no case's name holds "${flags.case}"`, { help: "The names are those of the folders under cases/." });
  if (flags.junit !== undefined) {
    const { junit: file } = flags;
    await writeFiles(
      proofs.map((proof) => ({
        path: proofs.length === 1 ? file : file.replace(/(\.\w+)?$/, `-${proof.detection}$1`),
        content: junit(proof),
      })),
    );
  }
  if (flags.json === true) {
    const plain = proofs.map(({ cases, ...proof }) => ({
      ...proof,
      cases: cases.map(({ case: c, events, ...result }) => ({
        case: c.name,
        title: c.title,
        kind: c.kind,
        events: events.length,
        ...result,
      })),
    }));
    writeJson(out, plain);
  } else {
    for (const proof of proofs) {
      for (const line of proofReport(proof))
        out.write(`${line.startsWith("FAILED") || line.startsWith("error") ? out.paint("red", line) : line}\n`);
      out.write(
        proof.holds ? `${out.paint("green", "The package holds.")}\n` : `${out.paint(["bold", "red"], "The package does not hold.")}\n`,
      );
    }
  }
  if (broken) return EXIT.usage;
  return proofs.every((proof) => proof.holds) ? EXIT.done : EXIT.found;
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
