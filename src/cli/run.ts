import { relative } from "node:path";
import { Command, CommanderError, Help } from "commander";
import { applyConfiguration, keysInUse } from "./configuration/defaults.ts";
import { addCacheOption } from "./cache/option.ts";
import { COMMANDS } from "./commands/index.ts";
import type { CommandContext } from "./context.ts";
import { EXIT, EXIT_MEANING, Failure } from "./failure.ts";
import { writeReason } from "./output/reason.ts";
import { version } from "./version.ts";

/**
 * Runs one command line, without the names of Node and of the program in front. Everything it prints and its exit code go through the
 * context, so that it can run inside another process. It never throws.
 */
export async function run(args: readonly string[], context: CommandContext): Promise<number> {
  const { out, err } = context;
  try {
    await (await programOf(args, context)).parseAsync(args, { from: "user" });
  } catch (error) {
    context.exitCode = explainError(error, args, context);
  }
  out.finish();
  err.finish();
  for (const output of [out, err]) {
    if (output.end === null || output.end.closed) continue;
    if (output === out) err.write(`${err.paint(["bold", "red"], "error")}: the output cannot be written ${writeReason(output.end.code)}\n`);
    context.exitCode = EXIT.unwritten;
  }
  return context.exitCode;
}

/** Only the command that is named is loaded; of the others the program has what its help lists. */
async function programOf(args: readonly string[], context: CommandContext): Promise<Command> {
  const program = new Command("tocsin")
    .description("Runs, proves and ships security detections: EQL, Sigma and Elastic's rules on logs as they are, without a SIEM.")
    .version(version)
    .configureOutput({ writeOut: (text) => context.out.write(text), writeErr: (text) => context.err.write(text) })
    .showSuggestionAfterError()
    .showHelpAfterError("help: `tocsin --help` lists the commands")
    .exitOverride()
    .addHelpText(
      "after",
      `\nExit codes: ${Object.entries(EXIT_MEANING)
        .map(([code, meaning]) => `${code} ${meaning}`)
        .join("; ")}.`,
    );
  const words = args.filter((arg) => !arg.startsWith("-"));
  const named = words[0] === "help" ? words[1] : words[0];
  const all = COMMANDS.some(({ name, ofAll }) => name === named && ofAll === true);
  for (const { name, usage, description, readsRules, load } of COMMANDS) {
    const command = program.command(name).description(description);
    command.showHelpAfterError(`help: tocsin ${name} ${usage}; \`tocsin ${name} --help\` says more`);
    if (all || name === named) {
      (await load())(command, context);
      if (readsRules === true) addCacheOption(command, context);
    }
    command.exitOverride().showSuggestionAfterError();
  }
  program.hook("preSubcommand", (_, command) => configure(command, program, context));
  const usages = new Map(COMMANDS.map(({ name, usage }) => [name, usage]));
  const plain = new Help();
  return program.configureHelp({
    subcommandTerm: (command) =>
      usages.has(command.name()) ? `${command.name()} ${usages.get(command.name())}`.trim() : plain.subcommandTerm(command),
  });
}

/** Gives a command the defaults of the configuration, and says which of them it uses. */
async function configure(command: Command, program: Command, { configuration: place, err }: CommandContext): Promise<void> {
  if (place === null || command.name() === "rules") return;
  for (const file of place.foreign)
    err.write(`${err.paint("yellow", "warning")}: ${file} belongs to another user and is not read; TOCSIN_CONFIG=${file} reads it\n`);
  if (place.file === null) return;
  const { readConfiguration } = await import("./configuration/configuration.ts");
  const applied = applyConfiguration(
    command,
    readConfiguration(
      place.file,
      program.commands.map((one) => one.name()),
    ),
  );
  command.hook("preAction", () => {
    const used = keysInUse(command, applied);
    if (used.length > 0) err.write(`note: ${used.join(", ")} from ${relative(process.cwd(), place.file!)}\n`);
  });
}

/** Prints what went wrong. Returns the exit code. */
function explainError(error: unknown, args: readonly string[], { err }: CommandContext): number {
  const label = err.paint(["bold", "red"], "error");
  if (error instanceof CommanderError) {
    if (error.code === "commander.missingArgument" && args.includes("--rules"))
      err.write(`${err.paint("cyan", "help")}: --rules takes every path behind it: write the logs before it, or \`--\` between\n`);
    return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  }
  if (error instanceof Failure) {
    err.write(`${label}: ${error.message}\n`);
    if (error.help !== undefined) err.write(`${err.paint("cyan", "help")}: ${error.help}\n`);
    return error.exitCode;
  }
  if (error instanceof Error && "code" in error && "syscall" in error) {
    err.write(`${label}: ${error.message}\n`);
    return EXIT.usage;
  }
  err.write(
    `${label}: this is a defect of tocsin, not of your input. Please report it.\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  return EXIT.defect;
}
