import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { Command, CommanderError } from "commander";
import { applyConfiguration, keysInUse } from "./configuration/defaults.ts";
import { readConfiguration } from "./configuration/configuration.ts";
import { COMMANDS } from "./commands/index.ts";
import type { CommandContext } from "./context.ts";
import { EXIT, EXIT_MEANING, Failure } from "./failure.ts";
import { writeReason } from "./output/reason.ts";

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { version: string };

/**
 * Runs one command line, without the names of Node and of the program in front. Everything it prints and its exit code go through the
 * context, so that it can run inside another process. It never throws.
 */
export async function run(args: readonly string[], context: CommandContext): Promise<number> {
  const { out, err } = context;
  try {
    await programOf(context).parseAsync(args, { from: "user" });
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

/** The command line with all commands. */
export function programOf(context: CommandContext): Command {
  const program = new Command("tocsin")
    .description("Runs, proves and ships security detections: EQL and Sigma on raw Windows and Elastic telemetry, without a SIEM.")
    .version(version)
    .configureOutput({ writeOut: (text) => context.out.write(text), writeErr: (text) => context.err.write(text) })
    .showSuggestionAfterError()
    .showHelpAfterError("(tocsin --help, tocsin COMMAND --help)")
    .exitOverride()
    .addHelpText(
      "after",
      `\nExit codes: ${Object.entries(EXIT_MEANING)
        .map(([code, meaning]) => `${code} ${meaning}`)
        .join("; ")}.`,
    );
  for (const add of COMMANDS) add(program, context);
  program.hook("preSubcommand", (_, command) => configure(command, program, context));
  for (const command of program.commands) command.exitOverride().showSuggestionAfterError().copyInheritedSettings(program);
  return program;
}

/** Gives a command the defaults of the configuration, and says which of them it uses. */
function configure(command: Command, program: Command, { configuration: place, err }: CommandContext): void {
  if (place === null || command.name() === "rules") return;
  for (const file of place.foreign)
    err.write(`${err.paint("yellow", "warning")}: ${file} belongs to another user and is not read; TOCSIN_CONFIG=${file} reads it\n`);
  if (place.file === null) return;
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
