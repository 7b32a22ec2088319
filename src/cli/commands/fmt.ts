import type { Command } from "commander";
import { parse, print } from "../../workbench/index.ts";
import { requireQueryFile } from "../query/argument.ts";
import { printDiagnostics } from "../query/diagnostics.ts";
import type { CommandContext } from "../context.ts";
import { EXIT } from "../failure.ts";
import { writeFiles } from "../output/files.ts";
import { readText } from "../text-file.ts";

export function addFmt(command: Command, context: CommandContext): void {
  command
    .argument("<file...>", "files with one query each, or - for standard input")
    .option("--write", "rewrite the files in place")
    .option("--check", "print nothing; exit with 1 when a file is not in its canonical layout")
    .action(async (files: string[], flags: { readonly write?: true; readonly check?: true }) => {
      const { out, err, stdin } = context;
      let code: number = EXIT.done;
      for (const file of files) {
        const text = await readText(file, stdin);
        requireQueryFile(file, text, "`fmt` lays out files of one EQL query each.");
        const { query, diagnostics } = parse(text);
        printDiagnostics(err, text, diagnostics);
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
          if (printed !== text) await writeFiles([{ path: file, content: printed }]);
        } else out.write(printed);
      }
      context.exitCode = code;
    });
}
