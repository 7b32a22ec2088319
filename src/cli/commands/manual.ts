import type { Command } from "commander";
import { manualPage } from "../completion/manual.ts";
import type { CommandContext } from "../context.ts";

export function addManual(program: Command, context: CommandContext): void {
  program
    .command("manual")
    .description("print the manual page, for `man`")
    .action(() => context.out.write(manualPage(program)));
}
