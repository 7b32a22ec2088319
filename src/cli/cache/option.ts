import type { Command } from "commander";
import type { CommandContext } from "../context.ts";

/** `--no-cache`, for every command that reads rules. */
export function addCacheOption(command: Command, context: CommandContext): void {
  command
    .option("--no-cache", "read the rules anew, and keep nothing of them (TOCSIN_CACHE names the folder; docs/rules.md)")
    .hook("preAction", () => {
      if (!command.opts<{ readonly cache: boolean }>().cache) context.cacheFolder = null;
    });
}
