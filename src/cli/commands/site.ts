import { existsSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { writeSite } from "../../server/index.ts";
import type { CommandContext } from "../context.ts";
import type { Terminal } from "../output/terminal.ts";
import { EXIT, Failure } from "../failure.ts";
import { makeFolder } from "../output/folder.ts";
import { huntIn } from "../hunting.ts";
import { requireSources, today } from "../packages.ts";
import { plural } from "../progress.ts";
import { siteState } from "../site.ts";

interface SiteFlags {
  readonly rules?: readonly string[];
  readonly hunt?: readonly string[];
  readonly force?: true;
}

export function addSite(program: Command, context: CommandContext): void {
  program
    .command("site")
    .description("write the pages as a static site, which works from any folder and straight from a disk")
    .argument("<folder>", "where to write; made when it is not there")
    .option("--rules <path...>", "detection packages (folders) instead of the bundled ones")
    .option("--hunt <path...>", "also hunt in these logs and show the alerts: they are then part of the site")
    .option("--force", "write into a folder that holds something else")
    .action(async (folder: string, flags: SiteFlags) => {
      const { out, err } = context;
      const target = resolve(folder);
      const stat = statSync(target, { throwIfNoEntry: false });
      if (stat !== undefined && !stat.isDirectory()) throw new Failure(`${folder} is not a folder`);
      if (stat !== undefined && flags.force !== true && readdirSync(target).length > 0 && !existsSync(join(target, "assets", "catalog.js")))
        throw new Failure(`${folder} holds something that is not a site`, { help: "Name another folder, or add --force." });
      const sources = requireSources(err, flags.rules ?? [], today());
      // Before minutes of work: a folder that cannot be written to is told at once.
      try {
        makeFolder(target);
      } catch (error) {
        cannotWrite(folder, error);
      }
      const hunted =
        flags.hunt === undefined
          ? null
          : await huntIn(context, flags.hunt, { packages: sources.map(({ detection }) => detection), today: today() });
      const state = siteState(sources, { hunt: hunted?.result ?? null, synthetic: false });
      const { pages, files, bytes } = await writeSite(state, target, (done, total) => showProgress(err, done, total)).catch(
        (error: unknown) => {
          clearProgress(err);
          return cannotWrite(folder, error);
        },
      );
      clearProgress(err);
      out.write(
        `${plural(pages, "page")} and ${plural(files, "file")} in ${folder}, ${(bytes / 1e6).toFixed(1)} MB; open ${join(folder, "index.html")}\n`,
      );
      context.exitCode = (hunted?.input.errors ?? 0) > 0 ? EXIT.incomplete : EXIT.done;
    });
}

/** Errors of the file system have a code; any other is a fault of ours and stays what it is. */
function cannotWrite(folder: string, error: unknown): never {
  const code = error instanceof Error && "code" in error ? String(error.code) : null;
  if (code === null) throw error;
  throw new Failure(`${folder} cannot be written (${code})`, { help: "Name a folder that may be written to." });
}

function showProgress(err: Terminal, done: number, total: number): void {
  if (err.isTty) err.write(`\r\u001b[2K${done} of ${total} pages and files`);
}

function clearProgress(err: Terminal): void {
  if (err.isTty) err.write("\r\u001b[2K");
}
