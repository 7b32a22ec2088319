import { readFileSync, writeFileSync } from "node:fs";
import type { Command } from "commander";
import { parse, print } from "../../workbench/index.ts";
import { printDiagnostics } from "../diagnostics.ts";
import { EXIT, Failure } from "../failure.ts";
import { err, out } from "../terminal.ts";

export function addFmt(program: Command): void {
  program
    .command("fmt")
    .description("print EQL queries in their canonical layout; comments are kept")
    .argument("<file...>", "files with one query each, or - for standard input")
    .option("--write", "rewrite the files in place")
    .option("--check", "print nothing; exit with 1 when a file is not in its canonical layout")
    .action((files: string[], flags: { readonly write?: true; readonly check?: true }) => {
      let code: number = EXIT.done;
      for (const file of files) {
        const text = read(file);
        const { query, diagnostics } = parse(text);
        printDiagnostics(text, diagnostics);
        if (query === null) {
          err.write(`${file}: not formatted\n`);
          code = EXIT.usage;
          continue;
        }
        const printed = `${print(query)}\n`;
        if (flags.check === true) {
          if (printed === text) continue;
          err.write(`${file}: not in its canonical layout\n`);
          if (code === EXIT.done) code = EXIT.found;
        } else if (flags.write === true && file !== "-") {
          if (printed !== text) write(file, printed);
        } else out.write(printed);
      }
      process.exitCode = code;
    });
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new Failure(`cannot write ${file}: ${(error as Error).message}`);
  }
}

function read(file: string): string {
  try {
    return readFileSync(file === "-" ? 0 : file, "utf8");
  } catch (error) {
    throw new Failure(`cannot read ${file}: ${(error as Error).message}`);
  }
}
