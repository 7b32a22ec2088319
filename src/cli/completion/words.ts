import type { Command, Option } from "commander";

/** A command as a shell completes it. */
export interface CommandWords {
  /** From the program's name on: `tocsin`, `tocsin rules add`. */
  readonly path: string;
  readonly description: string;
  /** Names of the commands below it. */
  readonly commands: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly OptionWords[];
}

export interface OptionWords {
  /** `--rules`. */
  readonly name: string;
  readonly description: string;
  readonly takesValue: boolean;
  /** The values it takes where they are few and known; otherwise files are proposed. */
  readonly values: readonly string[];
}

/** The program and every command below it, each before those below it. */
export function commandWords(command: Command, above = ""): CommandWords[] {
  const path = above === "" ? command.name() : `${above} ${command.name()}`;
  const help = { name: "--help", description: "display help for command", takesValue: false, values: [] };
  const words: CommandWords = {
    path,
    description: firstSentence(command.description()),
    commands: command.commands.map((one) => ({ name: one.name(), description: firstSentence(one.description()) })),
    options: [...command.options.filter(({ hidden, long }) => !hidden && long !== undefined).map(optionWords), help],
  };
  return [words, ...command.commands.flatMap((one) => commandWords(one, path))];
}

function optionWords(option: Option): OptionWords {
  return {
    name: option.long!,
    description: firstSentence(option.description),
    takesValue: option.required || option.optional,
    values: option.argChoices ?? [],
  };
}

/** What fits beside a name in a menu. */
const firstSentence = (text: string): string => text.split(/[:;(\n]/, 1)[0]!.trim();
