import { existsSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { siteFiles, type SiteFile } from "../../server/index.ts";
import type { CommandContext } from "../context.ts";
import type { Terminal } from "../output/terminal.ts";
import { EXIT, Failure } from "../failure.ts";
import { inside, replaceFolder, requireWritable, writeFiles, type FileContent } from "../output/files.ts";
import { huntExitCode, huntIn, printFaults } from "../hunting.ts";
import { today } from "../packages.ts";
import { requireRules, RULES_OPTION } from "../rules.ts";
import { byteText, plural } from "../../report/index.ts";
import { addSigmaOptions, sigmaOptions, type SigmaFlags } from "../sigma-options.ts";
import { siteState } from "../site.ts";

interface SiteFlags extends SigmaFlags {
  readonly rules?: readonly string[];
  readonly hunt?: readonly string[];
  readonly force?: true;
}

export function addSite(command: Command, context: CommandContext): void {
  addSigmaOptions(command)
    .argument("<folder>", "where to write; made when it is not there")
    .option("--rules <path...>", RULES_OPTION)
    .option("--hunt <path...>", "also hunt in these logs and show the alerts: they are then part of the site")
    .option("--force", "write into a folder that holds something else")
    .action(async (folder: string, flags: SiteFlags) => {
      const { out, err } = context;
      const target = resolve(folder);
      const stat = statSync(target, { throwIfNoEntry: false });
      if (stat !== undefined && !stat.isDirectory()) throw new Failure(`${folder} is not a folder`);
      if (stat !== undefined && flags.force !== true && readdirSync(target).length > 0 && !isSite(target))
        throw new Failure(`${folder} holds something that is not a site`, { help: "Name another folder, or add --force." });
      const set = requireRules(context, flags.rules ?? [], { today: today(), ...sigmaOptions(err, flags) });
      // Before minutes of work: a folder that cannot be written to is reported at once.
      requireWritable(target);
      const hunted = flags.hunt === undefined ? null : await huntIn(context, flags.hunt, { ...set, notRun: set.broken, today: today() });
      const files = siteFiles(await siteState(err, set, { hunt: hunted?.result ?? null, synthetic: false }));
      const bytes = await writeSite(err, target, files);
      const pages = files.filter(({ isPage }) => isPage).length;
      out.write(
        `${plural(pages, "page")} and ${plural(files.length - pages, "file")} in ${folder}, ${byteText(bytes)}; open ${join(folder, "index.html")}\n`,
      );
      if (hunted !== null) printFaults(err, hunted.result);
      context.exitCode = hunted === null ? EXIT.done : huntExitCode(hunted);
      if (context.exitCode === EXIT.done && set.broken > 0) context.exitCode = EXIT.incomplete;
    });
}

/** A folder that this command wrote, or an earlier version of it did. */
function isSite(folder: string): boolean {
  return ["data/search.js", "assets/catalog.js"].some((path) => existsSync(join(folder, path)));
}

/** An old site is replaced whole. What else a folder holds stays, and the site's files are put among it. Returns how many bytes were written. */
async function writeSite(err: Terminal, folder: string, files: readonly SiteFile[]): Promise<number> {
  const names = new Set(files.map(({ path }) => path.split("/")[0]!));
  const isOnlySite = !existsSync(folder) || readdirSync(folder).every((name) => names.has(name));
  let bytes = 0;
  let done = 0;
  const contents = function* (): Generator<FileContent> {
    for (const file of files) {
      const content = file.content();
      bytes += content.length;
      done++;
      if (err.isTty) err.write(`\r\u001b[2K${done} of ${files.length} pages and files`);
      yield { path: file.path, content };
    }
  };
  try {
    if (isOnlySite) await replaceFolder(folder, contents());
    else await writeFiles(inside(folder, contents()));
  } finally {
    if (err.isTty) err.write("\r\u001b[2K");
  }
  return bytes;
}
