import type { Command } from "commander";
import { LOGON_FIELDS, LogonCounts, type LogonField } from "../../../workbench/index.ts";
import type { CommandContext } from "../../context.ts";
import { Failure } from "../../failure.ts";
import { KEEP_DUPLICATES } from "../../hunting.ts";
import { printLogons } from "../../explore/logons.ts";
import { eventNarrowingOptions, narrowingOf, type EventNarrowingFlags } from "../../narrowing.ts";

interface LogonsFlags extends EventNarrowingFlags {
  readonly groupBy?: string;
  readonly json?: true;
  readonly csv?: true;
  readonly keepDuplicates?: true;
}

export function addLogons(command: Command, context: CommandContext): void {
  command
    .argument("<path...>", "files, folders, archives, or -")
    .option("--group-by <fields>", `count by these alone: ${LOGON_FIELDS.join(", ")} (default: all)`)
    .option("--json", "one JSON document")
    .option("--csv", "the table as CSV")
    .option("--keep-duplicates", KEEP_DUPLICATES);
  eventNarrowingOptions(command).action(async (paths: string[], flags: LogonsFlags) => {
    if (flags.json === true && flags.csv === true) throw new Failure("--json and --csv exclude each other", { help: "Choose one." });
    const fields = flags.groupBy === undefined ? LOGON_FIELDS : fieldsOf(flags.groupBy);
    const narrowed = await narrowingOf(context, paths, flags);
    context.exitCode = await printLogons(context, paths, new LogonCounts({ fields, narrowing: narrowed.narrowing }), {
      fields,
      narrowed,
      format: flags.json === true ? "json" : flags.csv === true ? "csv" : "table",
      dropDuplicates: flags.keepDuplicates !== true,
    });
  });
}

function fieldsOf(text: string): LogonField[] {
  return text.split(",").map((name) => {
    const field = LOGON_FIELDS.find((one) => one === name.trim().toLowerCase());
    if (field === undefined)
      throw new Failure(`--group-by ${text}: no field ${name.trim()}`, { help: `Fields are ${LOGON_FIELDS.join(", ")}.` });
    return field;
  });
}
