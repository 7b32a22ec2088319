import { plural } from "../../report/index.ts";
import type { Command } from "commander";
import { Converter, CONVERSIONS, type Conversion } from "../../workbench/index.ts";
import type { CommandContext } from "../context.ts";
import { EXIT } from "../failure.ts";
import { noSuch } from "../no-such.ts";
import { readWithProgress, STRICT_ELASTIC } from "../hunting.ts";
import { writeJsonLine } from "../output/json.ts";

export function addConvert(command: Command, context: CommandContext): void {
  command
    .argument("<path...>", "files, folders, archives, or -")
    .requiredOption(
      "--to <form>",
      `${CONVERSIONS.join(", ")}: the normalised ECS event, the raw Winlogbeat shape, or Windows Event XML (of EVTX and XML)`,
    )
    .option(
      "--carve",
      "also read older records in the free space of event logs, and search files of unknown formats (disk images, memory) for event logs",
    )
    .option("--strict-elastic", STRICT_ELASTIC)
    .action(async (paths: string[], flags: { readonly to: string; readonly strictElastic?: true; readonly carve?: true }) => {
      const { out, err } = context;
      const to = CONVERSIONS.find((form) => form === flags.to);
      if (to === undefined) throw noSuch("--to", flags.to, "form", "Forms", CONVERSIONS);
      // Nobody takes what further reading would give.
      const ended = new AbortController();
      const converter = new Converter(to satisfies Conversion, flags.strictElastic === true, (line) => {
        if (line instanceof Uint8Array) out.writeBytes(line);
        else if (typeof line === "string") out.write(`${line}\n`);
        else writeJsonLine(out, line);
        if (out.end !== null) ended.abort();
      });
      const input = await readWithProgress(
        context,
        paths,
        converter,
        () => converter.written,
        { read: { carve: flags.carve === true } },
        ended.signal,
      );
      converter.flush();
      if (converter.skipped > 0)
        err.write(
          `${err.paint("yellow", "warning")}: ${plural(converter.skipped, "record")} cannot be written as ${to}: they are no Windows events, or were normalised already\n`,
        );
      context.exitCode = input.errors > 0 ? EXIT.incomplete : EXIT.done;
    });
}
