import type { Command } from "commander";
import type { CommandContext } from "../../context.ts";
import { runShell } from "../../explore/run-shell.ts";
import { KEEP_DUPLICATES } from "../../hunting.ts";

export function addShell(command: Command, context: CommandContext): void {
  command
    .argument("<path...>", "files, folders, archives")
    .option("--keep-duplicates", KEEP_DUPLICATES)
    .addHelpText("after", "\nQueries come from the keyboard, or from standard input, one a line. `:help` lists the shell's own commands.")
    .action(async (paths: string[], flags: { readonly keepDuplicates?: true }) => {
      context.exitCode = await runShell(context, paths, flags.keepDuplicates !== true);
    });
}
