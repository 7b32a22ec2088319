import { createHash } from "node:crypto";
import type { CommandContext } from "./context.ts";
import type { Terminal } from "./output/terminal.ts";
import {
  Hunt,
  type HuntOptions,
  type HuntResult,
  type InputSummary,
  type Problem,
  type ReadingOptions,
  type RecordSink,
  visible,
  whereText,
} from "../workbench/index.ts";
import { byteText, count, duplicatesText, faultViews, plural } from "../report/index.ts";
import { EXIT } from "./failure.ts";
import { readInputs, type InputOptions } from "./input.ts";
import { readByWorkers } from "./jobs/hunt-jobs.ts";
import { Progress } from "./output/progress.ts";
import { AlertFile, FileSpill } from "./spill.ts";

export interface Hunted {
  readonly result: HuntResult;
  readonly input: InputSummary;
}

/**
 * Runs a hunt over files, with progress on a terminal and every problem on stderr as it is met.
 * @param jobs files that are read side by side; left out: as many as are worth it.
 */
export async function huntIn(
  context: CommandContext,
  paths: readonly string[],
  options: Omit<HuntOptions, "spill">,
  reading: ReadingOptions = {},
  jobs?: number,
): Promise<Hunted> {
  const spill = new FileSpill();
  try {
    const hunt = new Hunt({ now: Date.now(), alertSpill: new AlertFile(), sha256, ...options, spill });
    const input = await readWithProgress(context, paths, hunt, () => hunt.events, {
      ...reading,
      elsewhere: readByWorkers(hunt, { jobs, cacheFolder: context.cacheFolder }),
    });
    return { result: hunt.finish(), input };
  } finally {
    spill.dispose();
  }
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Done, but part of the input was not read, or a rule was not computed on all of it. */
export function huntExitCode({ result, input }: Hunted): number {
  return input.errors > 0 || result.faults.length > 0 ? EXIT.incomplete : EXIT.done;
}

/** As the JSON documents have them. */
export function faultsJson(result: HuntResult): object[] {
  return faultViews(result).map(({ rule, code, count: times, text }) => ({ rule, code, count: times, text }));
}

/** Of records that no log source is known of, rules see raw fields only: where all are such, silence would look like an answer. */
export function warnNothingMapped(err: Terminal, { events, alerts, unmapped }: HuntResult): void {
  const times = unmapped.reduce((sum, one) => sum + one.count, 0);
  if (events === 0 || times < events || alerts.length > 0) return;
  err.write(
    `${err.paint("yellow", "warning")}: no record is of a log source that is known here, so rules find them by their raw fields only\n` +
      `${err.paint("cyan", "help")}: \`tocsin inspect\` shows what is in them; \`--field-mapping FILE\` says where Sigma's fields are (docs/sigma.md)\n`,
  );
}

const SHOWN_FAULTS = 20;

/** The faults of a hunt on stderr, where what is printed of it does not list them. */
export function printFaults(err: Terminal, result: HuntResult): void {
  const faults = faultViews(result);
  const label = err.paint("yellow", "warning");
  for (const { line } of faults.slice(0, SHOWN_FAULTS)) err.write(`${label}: ${visible(line)}\n`);
  if (faults.length > SHOWN_FAULTS) err.write(`... and ${plural(faults.length - SHOWN_FAULTS, "more fault", "more faults")}\n`);
}

/** Problems are printed as they come; of a kind that repeats only the first few, then their number. */
const SHOWN_PER_CODE = 5;

/** What the options `--strict-elastic` and `--keep-duplicates` say in the help of each command. */
export const STRICT_ELASTIC = "normalise exactly as Elastic's pipelines do, without our additions";
export const KEEP_DUPLICATES = "count an event as often as it was read: copies of logs and overlapping exports are otherwise counted once";

export const NO_FAST_PATH =
  "parse every line of NDJSON and map every record of event logs, also those of which some values say that no rule needs them; the result is the same";

export async function readWithProgress(
  { err, stdin }: CommandContext,
  paths: readonly string[],
  sink: RecordSink,
  events: () => number,
  reading: Pick<InputOptions, keyof ReadingOptions | "elsewhere"> = {},
  signal?: AbortSignal,
): Promise<InputSummary> {
  if (paths.includes("-") && stdin.isTTY === true)
    err.write(`note: \`-\` is standard input, which is the terminal: end what you type with Ctrl-D, or pipe a log into it\n`);
  const progress = new Progress(err);
  const shown = new Map<string, number>();
  const watched: RecordSink = {
    record: (record) => sink.record(record),
    copy: (record) => sink.copy?.(record),
    eventPrefilter: (secrets) => sink.eventPrefilter?.(secrets) ?? null,
    problem(problem) {
      const times = (shown.get(problem.code) ?? 0) + 1;
      shown.set(problem.code, times);
      if (times <= SHOWN_PER_CODE) {
        progress.clear();
        printProblem(err, problem);
      }
      sink.problem(problem);
    },
    file: (place, format) => sink.file?.(place, format),
    stale: (place, found) => sink.stale?.(place, found),
    unread: (place, bytes) => sink.unread?.(place, bytes),
  };
  const summary = await readInputs(
    paths,
    {
      ...reading,
      stdin,
      ...(signal === undefined ? {} : { signal }),
      onProgress: (p) => progress.update(p.bytesDone, p.bytesTotal, events()),
    },
    watched,
  );
  progress.clear();
  for (const [code, times] of shown) if (times > SHOWN_PER_CODE) err.write(`... and ${times - SHOWN_PER_CODE} more of ${code}\n`);
  const { files, bytes } = summary.notRead;
  if (files > 0) err.write(`note: ${plural(files, "file")} (${byteText(bytes)}) not read\n`);
  const copies = duplicatesText(summary.duplicates);
  if (copies !== "") err.write(`note: ${visible(copies)} (--keep-duplicates counts all)\n`);
  if (summary.staleRecords > 0)
    err.write(
      `note: ${count(summary.staleRecords)} older records lie in the free space of event logs; they are no part of the logs and were not read (--carve reads them)\n`,
    );
  return summary;
}

function printProblem(err: Terminal, problem: Problem): void {
  const label = problem.severity === "error" ? err.paint(["bold", "red"], "error") : err.paint(["bold", "yellow"], "warning");
  err.write(`${visible(whereText(problem.place))}: ${label}: ${visible(problem.message)} [${problem.code}]\n`);
  if (problem.help !== undefined) err.write(`  ${err.paint("cyan", "help")}: ${visible(problem.help)}\n`);
}
