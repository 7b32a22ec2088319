import { Argument, type Command } from "commander";
import { bashCompletion } from "../completion/bash.ts";
import { fishCompletion } from "../completion/fish.ts";
import { powershellCompletion } from "../completion/powershell.ts";
import { commandWords } from "../completion/words.ts";
import { zshCompletion } from "../completion/zsh.ts";
import type { CommandContext } from "../context.ts";

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion, powershell: powershellCompletion } as const;

export function addCompletion(command: Command, context: CommandContext): void {
  command
    .addArgument(new Argument("<shell>", "which").choices(Object.keys(SHELLS)))
    .action((shell: keyof typeof SHELLS) => context.out.write(SHELLS[shell](commandWords(command.parent!))));
}
