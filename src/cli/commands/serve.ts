import { join } from "node:path";
import type { Command } from "commander";
import { startServer } from "../../server/index.ts";
import type { CommandContext } from "../context.ts";
import { Failure } from "../failure.ts";
import { huntExitCode, huntIn, KEEP_DUPLICATES } from "../hunting.ts";
import {
  eventNarrowingOptions,
  narrowedRules,
  narrowingOf,
  ruleNarrowingOptions,
  warnNothingFits,
  type EventNarrowingFlags,
  type RuleNarrowingFlags,
} from "../narrowing.ts";
import { home, today } from "../packages.ts";
import { requireRules, RULES_OPTION } from "../rules.ts";
import { alertsLines, summaryText } from "../../report/index.ts";
import { addSigmaOptions, sigmaOptions, type SigmaFlags } from "../sigma-options.ts";
import { siteState } from "../site.ts";
import { exceptionWriter } from "../tuning/write-back.ts";

interface ServeFlags extends EventNarrowingFlags, RuleNarrowingFlags, SigmaFlags {
  readonly rules?: readonly string[];
  readonly port: string;
  readonly keepDuplicates?: true;
  readonly write?: true;
}

export function addServe(command: Command, context: CommandContext): void {
  command
    .argument("[path...]", "logs to hunt in (default: the bundled synthetic lab log)")
    .option("--rules <path...>", RULES_OPTION)
    .option("--keep-duplicates", KEEP_DUPLICATES)
    .option("--write", "exceptions that are confirmed in the pages are written into tuning.yaml of the packages")
    .option("--port <n>", "port on 127.0.0.1; the next free one when it is taken", "4450");
  addSigmaOptions(ruleNarrowingOptions(eventNarrowingOptions(command))).action(async (paths: string[], flags: ServeFlags) => {
    const { out, err } = context;
    const port = Number(flags.port);
    if (!/^\d{1,5}$/.test(flags.port) || port > 65_535)
      throw new Failure(`--port ${flags.port}: must be a number up to 65535`, { help: "0 takes any port that is free." });
    const sample = paths.length === 0;
    const set = requireRules(context, flags.rules ?? [], { today: today(), ...sigmaOptions(err, flags) });
    if (sample)
      out.write(
        "Hunting in the bundled sample: a synthetic lab log (WS01, SRV01), made for this project, not recorded from a real network.\n\n",
      );
    const logs = sample ? [join(home, "samples", "lab.ndjson")] : paths;
    const { narrowing, zone } = await narrowingOf(context, logs, flags);
    const { result, input } = await huntIn(
      context,
      logs,
      {
        ...narrowedRules(set, flags),
        notRun: set.broken,
        narrowing,
        today: today(),
        clock: () => performance.now(),
      },
      { dropDuplicates: flags.keepDuplicates !== true },
    );
    for (const line of alertsLines(result, out, zone)) out.write(`${line}\n`);
    out.write(`\n${summaryText(result, input, out, zone)}\n`);
    warnNothingFits(err, result, result, zone);
    const writer = flags.write === true ? { writer: exceptionWriter(set, today()) } : {};
    const server = await startServer(await siteState(err, set, { hunt: result, zone, synthetic: sample, ...writer }), port);
    if (port !== 0 && server.port !== port) out.write(`Port ${port} is taken. `);
    out.write(`Serving on http://127.0.0.1:${server.port} until interrupted (Ctrl-C).\n`);
    out.flush();
    await context.interrupted();
    await server.close();
    context.exitCode = huntExitCode({ result, input });
  });
}
