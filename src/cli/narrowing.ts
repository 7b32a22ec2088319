/** The options that narrow what is looked at: a span of time, hosts, users, channels, and which rules run. */
import type { Command } from "commander";
import { nothingFitsText, type NarrowedReading } from "../report/index.ts";
import {
  LogEnd,
  narrowRules,
  readTimeBound,
  readTimeZone,
  SEVERITIES,
  TIME_BOUNDS,
  UTC,
  type EventNarrowing,
  type HuntOptions,
  type HuntResult,
  type ReadOptions,
  type RuleSet,
  type Severity,
  type TimeBound,
  type TimeZone,
} from "../workbench/index.ts";
import type { CommandContext } from "./context.ts";
import { Failure } from "./failure.ts";
import { noSuch } from "./no-such.ts";
import { readInputs } from "./input.ts";
import type { Terminal } from "./output/terminal.ts";
import { Progress } from "./output/progress.ts";

export interface EventNarrowingFlags {
  readonly since?: string;
  readonly until?: string;
  readonly host?: readonly string[];
  readonly user?: readonly string[];
  readonly channel?: readonly string[];
  readonly timezone?: string;
}

export interface RuleNarrowingFlags {
  readonly rule?: readonly string[];
  readonly tag?: readonly string[];
  readonly technique?: readonly string[];
  readonly minSeverity?: string;
}

const each = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

export function eventNarrowingOptions(command: Command): Command {
  return command
    .option("--since <time>", `from when on: ${TIME_BOUNDS}`)
    .option("--until <time>", "up to when, in the same forms; a day or a minute is taken to its end")
    .option("--host <pattern>", "only this host: a name, its first label, or with * and ?; repeatable, as all of these are", each)
    .option("--user <pattern>", "only this account, acting or acted upon: j.doe, CORP\\j.doe", each)
    .option("--channel <pattern>", "only this log: Security, *Sysmon*; without a channel the event's data set", each)
    .option("--timezone <zone>", "clocks of times that are shown or given without a zone: Europe/Berlin, +02:00, local", "UTC");
}

export function ruleNarrowingOptions(command: Command): Command {
  return command
    .option("--rule <pattern>", "only rules with this id, key or name, * and ? allowed", each)
    .option("--tag <pattern>", "only rules with this tag: attack.execution, *credential*", each)
    .option("--technique <pattern>", "only rules of this technique of ATT&CK and its sub-techniques: T1021, T1059.001", each)
    .option("--min-severity <severity>", `only rules and alerts at least this severe: ${SEVERITIES.join(", ")}`);
}

export interface Narrowed {
  readonly narrowing: EventNarrowing;
  readonly zone: TimeZone;
}

/** Where a bound counts from the end of the logs, this reads them through a first time, without any rule, to find it. */
export async function narrowingOf(
  context: CommandContext,
  paths: readonly string[],
  flags: EventNarrowingFlags,
  read: Partial<ReadOptions> = {},
): Promise<Narrowed> {
  const zone = zoneOf(flags.timezone);
  const now = Date.now();
  const since = boundOf("--since", flags.since, now, zone);
  const until = boundOf("--until", flags.until, now, zone);
  const end = since?.of === "end" || until?.of === "end" ? await endOf(context, paths, read) : 0;
  const narrowing: EventNarrowing = {
    since: since === null ? null : since.from + (since.of === "end" ? end : 0),
    until: until === null ? null : until.to + (until.of === "end" ? end : 0),
    hosts: flags.host ?? [],
    users: flags.user ?? [],
    channels: flags.channel ?? [],
  };
  if (narrowing.since !== null && narrowing.until !== null && narrowing.since >= narrowing.until)
    throw new Failure(`--since ${flags.since} is not before --until ${flags.until}`, {
      help: "Nothing lies between them: exchange the two.",
    });
  return { narrowing, zone };
}

function zoneOf(text: string | undefined): TimeZone {
  const zone = text === undefined ? UTC : readTimeZone(text);
  if (zone === null)
    throw new Failure(`--timezone ${text}: no such time zone`, {
      help: "Write UTC, local, an offset such as +02:00, or a name such as Europe/Berlin.",
    });
  return zone;
}

function boundOf(option: string, text: string | undefined, now: number, zone: TimeZone): TimeBound | null {
  if (text === undefined) return null;
  const bound = readTimeBound(text, now, zone);
  if (bound === null) throw new Failure(`${option} ${text}: no time`, { help: `Write ${TIME_BOUNDS}.` });
  return bound;
}

/** Problems of the input are reported when it is read for good. */
async function endOf({ err }: CommandContext, paths: readonly string[], read: Partial<ReadOptions>): Promise<number> {
  if (paths.includes("-"))
    throw new Failure("standard input can be read only once, and a time before the end of the logs needs a first reading", {
      help: "Write it into a file, or give --since and --until as times.",
    });
  const progress = new Progress(err);
  const end = new LogEnd();
  await readInputs(paths, { read, onProgress: ({ bytesDone, bytesTotal }) => progress.update(bytesDone, bytesTotal, end.events) }, end);
  progress.clear();
  if (end.ms === null)
    throw new Failure("the logs have no end to count from: no event has a time", { help: "Give --since and --until as times." });
  return end.ms;
}

export type RuleHuntOptions = Pick<HuntOptions, "minSeverity" | "rulesLeftOut">;

/** The rules that are asked for, and what a hunt has to know of the others. */
export function narrowedRules<Rules extends Pick<RuleSet, "packages" | "rules" | "correlations" | "parts">>(
  loaded: Rules,
  flags: RuleNarrowingFlags,
): Rules & RuleHuntOptions {
  const minSeverity = severityOf("--min-severity", flags.minSeverity);
  const { rule = [], tag = [], technique = [] } = flags;
  const { set, of, kept } = narrowRules(loaded, { rules: rule, tags: tag, techniques: technique, minSeverity });
  if (kept === 0 && of > 0) {
    const asked = [
      ...[...rule].map((one) => `--rule ${one}`),
      ...[...tag].map((one) => `--tag ${one}`),
      ...[...technique].map((one) => `--technique ${one}`),
      ...(minSeverity === null ? [] : [`--min-severity ${minSeverity}`]),
    ];
    throw new Failure(`none of ${of} rules is ${asked.join(" ")}`, {
      help: "Rules have ids, names, tags and techniques, each of which may be given with * and ?.",
    });
  }
  return { ...set, rulesLeftOut: of - kept, ...(minSeverity === null ? {} : { minSeverity }) };
}

/** @throws Failure where there is no such severity. */
export function severityOf(option: string, text: string | undefined): Severity | null {
  if (text === undefined) return null;
  const severity = SEVERITIES.find((s) => s === text.toLowerCase());
  if (severity === undefined) throw noSuch(option, text, "severity", "Severities", SEVERITIES);
  return severity;
}

/** A warning where no event is what was asked for, with what there is. */
export function warnNothingFits(
  err: Terminal,
  reading: NarrowedReading,
  span: Pick<HuntResult, "firstEvent" | "lastEvent">,
  zone: TimeZone,
): void {
  const text = nothingFitsText(reading, span, zone);
  if (text !== null) err.write(`${err.paint("yellow", "warning")}: ${text}\n`);
}
