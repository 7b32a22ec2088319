import { Option, type Command } from "commander";
import type { CommandContext } from "../context.ts";
import { recordCase, type RecordFlags } from "../recording/record.ts";

export function addRecord(command: Command, context: CommandContext): void {
  command
    .argument("<rules>", "a detection package, a rule's file in one, or a file of rules of any kind (then into NAME.cases.yaml beside it)")
    .requiredOption("--from <log>", "the log, in any format that is read; also in an archive")
    .option("--record <n>", "the event with this record number")
    .option("--line <n>", "the event on this line")
    .option("--id <id>", "the event with this _id or event.id")
    .option("--query <eql>", "the events that match; of a sequence, those it is made of")
    .option("--around <duration>", "neighbours within this time before and after; 0: none", "2m")
    .option("--limit <n>", "most events of the case; the nearest in time stay", "200")
    .option("--kind <kind>", "positive, negative or evasion (default: positive where a rule alerts, else negative)")
    .option("--about <rule...>", "rules that the case is about (default: the rule whose file is named, or the package's only one)")
    .option("--title <text>", "what the case shows")
    .option("--name <name>", "of its folder or file")
    .option("--license <text>", "under which terms the recording may be passed on")
    .addOption(new Option("--licence <text>").hideHelp())
    .option("--anonymise", "other names for hosts, users, domains, addresses and SIDs, the same one everywhere")
    .action(async (rules: string, { licence, ...flags }: RecordFlags & { readonly licence?: string }) => {
      context.exitCode = await recordCase(context, rules, { ...(licence === undefined ? {} : { license: licence }), ...flags });
    });
}
