import type { Command } from "commander";
import { manualPage } from "../completion/manual.ts";
import type { CommandContext } from "../context.ts";

export function addManual(command: Command, context: CommandContext): void {
  command.action(() => context.out.write(manualPage(command.parent!)));
}
