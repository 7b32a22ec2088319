/** The options that say in what form a hunt is written, which fields of its alerts, and where to. */
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import type { Command } from "commander";
import { ALERT_PROFILES, profileFields, readFields, type AskedFields } from "../../report/index.ts";
import { Failure } from "../failure.ts";
import { requireWritable } from "../output/files.ts";

export const HUNT_FORMATS = ["table", "csv", "json", "ndjson", "markdown", "timeline"] as const;
export type HuntFormat = (typeof HUNT_FORMATS)[number];

export interface ShapeFlags {
  readonly format?: string;
  readonly json?: true;
  readonly ndjson?: true;
  readonly fields?: string;
  readonly output?: string;
  readonly quiet?: true;
  readonly summary?: true;
}

export interface Shape {
  readonly format: HuntFormat;
  /** Null: what the format has where nobody asks. */
  readonly fields: AskedFields | null;
  /** Where the alerts are written; null: standard output. */
  readonly file: string | null;
  /** The alerts alone: no summary, no progress, no warnings. */
  readonly quiet: boolean;
  /** No alerts. */
  readonly summaryOnly: boolean;
}

export function shapeOptions(command: Command): Command {
  return command
    .option(
      "--format <format>",
      `table (the default), csv (a row per alert), timeline (CSV with a row per event of an alert), ${HUNT_FORMATS.slice(2, 5).join(", ")}`,
    )
    .option(
      "--fields <list>",
      `fields of the alerts: names, any ECS field, or ${ALERT_PROFILES.join(", ")}; with commas between (docs/hunting.md)`,
    )
    .option("-o, --output <file>", "write the alerts into a file, whole or not at all")
    .option("--json", "--format json: one JSON document of alerts, counts, problems")
    .option("--ndjson", "--format ndjson: one ECS alert document per line")
    .option("--summary", "no alerts, only what they come to")
    .option("--quiet", "only the alerts: no summary, no progress, no warnings; the exit code still tells");
}

/** What incidents are told of is in memory together. */
const MOST_IN_INCIDENTS = 100_000;
/** Alerts that are written one after the other: memory has little of each. */
const MOST_LISTED = 1_000_000;
const LISTS: ReadonlySet<HuntFormat> = new Set(["ndjson", "csv", "timeline"]);

/** How many alerts a hunt keeps for what is written of it. @param withReport a report of HTML is written, too */
export function mostAlerts({ format }: Shape, withReport: boolean): number {
  return LISTS.has(format) && !withReport ? MOST_LISTED : MOST_IN_INCIDENTS;
}

/** @throws Failure where the options do not go together. */
export function shapeOf(flags: ShapeFlags): Shape {
  const format = formatOf(flags);
  const shape: Shape = {
    format,
    fields: flags.fields === undefined ? defaultFields(format) : fieldsOf(flags.fields),
    file: flags.output ?? null,
    quiet: flags.quiet === true,
    summaryOnly: flags.summary === true,
  };
  if (shape.summaryOnly && shape.quiet) throw new Failure("--summary and --quiet exclude each other: nothing would be left");
  if (shape.summaryOnly && (format === "csv" || format === "timeline" || format === "ndjson"))
    throw new Failure(`--format ${format} has no summary`, { help: "Use table, markdown or json." });
  if (shape.file !== null) requirePlace("--output", shape.file);
  return shape;
}

function formatOf({ format, json, ndjson }: ShapeFlags): HuntFormat {
  const asked = new Set([
    ...(format === undefined ? [] : [format.toLowerCase()]),
    ...(json === true ? ["json"] : []),
    ...(ndjson === true ? ["ndjson"] : []),
  ]);
  if (asked.size > 1)
    throw new Failure(`${[...asked].map((one) => `--format ${one}`).join(" and ")} exclude each other`, { help: "Choose one." });
  const [name = "table"] = asked;
  const known = HUNT_FORMATS.find((one) => one === (name === "md" ? "markdown" : name));
  if (known === undefined) throw new Failure(`--format ${format}: no such format`, { help: `Formats are ${HUNT_FORMATS.join(", ")}.` });
  return known;
}

function defaultFields(format: HuntFormat): AskedFields | null {
  if (format === "csv" || format === "markdown") return profileFields("standard");
  return format === "timeline" ? profileFields("timesketch") : null;
}

function fieldsOf(text: string): AskedFields {
  if (existsSync(text))
    throw new Failure(`--fields ${text}: names of fields are asked for, not a file`, {
      help: "`--field-mapping FILE` says where Sigma's fields are.",
    });
  const { asked, problem } = readFields(text);
  if (problem !== null)
    throw new Failure(`--fields ${text}: ${problem}`, {
      help: `Profiles are ${ALERT_PROFILES.join(", ")}; docs/hunting.md lists the names.`,
    });
  return asked;
}

/** Before the hunt: it may take long. A folder is not made, since its name may be mistyped. */
export function requirePlace(option: string, file: string): void {
  if (!existsSync(dirname(file)))
    throw new Failure(`${option} ${file}: there is no folder ${dirname(file)}`, { help: "Name a file in a folder that exists." });
  requireWritable(file);
}
