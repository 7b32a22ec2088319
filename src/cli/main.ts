#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { COMMANDS } from "./commands/index.ts";
import { EXIT, Failure } from "./failure.ts";
import { err } from "./terminal.ts";

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { version: string };

const program = new Command("tocsin")
  .description("Runs, proves and ships security detections: EQL and Sigma on raw Windows and Elastic telemetry, without a SIEM.")
  .version(version)
  .showSuggestionAfterError()
  .showHelpAfterError("(tocsin --help, tocsin COMMAND --help)")
  .exitOverride()
  .addHelpText(
    "after",
    "\nExit codes: 0 done; 1 found what --fail-on names, or a proof failed; 2 usage or rule error; 3 a rule that cannot be translated; 4 part of the input could not be read.",
  );

for (const add of COMMANDS) add(program);
for (const command of program.commands) command.exitOverride().showSuggestionAfterError();

// A reader that closed its end (`tocsin ... | head`) is not an error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(EXIT.done);
  err.write(`${err.paint(["bold", "red"], "error")}: the output cannot be written (${error.code ?? error.message})\n`);
  process.exit(EXIT.usage);
});

try {
  await program.parseAsync(process.argv);
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
    if (error.code === "commander.missingArgument" && process.argv.includes("--rules"))
      err.write(`${err.paint("cyan", "help")}: --rules takes every path behind it: write the logs before it, or \`--\` between\n`);
  } else if (error instanceof Failure) {
    err.write(`${err.paint(["bold", "red"], "error")}: ${error.message}\n`);
    if (error.help !== undefined) err.write(`${err.paint("cyan", "help")}: ${error.help}\n`);
    process.exitCode = error.exitCode;
  } else {
    err.write(
      `${err.paint(["bold", "red"], "error")}: this is a defect of tocsin, not of your input. Please report it.\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    process.exitCode = 70;
  }
}
