/** The piece of a log that becomes a case: found in one reading, cut out in a second. */
import { createHash } from "node:crypto";
import { createReadStream, statSync } from "node:fs";
import { plural } from "../../report/index.ts";
import { AnchorSearch, Cut, ecsSchema, parseDuration, readQuery, type Cut as CutSink, type Wanted } from "../../workbench/index.ts";
import type { CommandContext } from "../context.ts";
import { EXIT, Failure } from "../failure.ts";
import { readWithProgress } from "../hunting.ts";
import { readInputs } from "../input.ts";
import { printDiagnostics } from "../query/diagnostics.ts";

export interface LogFlags {
  readonly from: string;
  readonly record?: string;
  readonly line?: string;
  readonly id?: string;
  readonly query?: string;
  readonly around: string;
  readonly limit: string;
}

export interface CutLog {
  readonly wanted: Wanted;
  readonly records: ReturnType<CutSink["finish"]>;
  /** Of `records`, those that were asked for. */
  readonly anchors: ReadonlySet<number>;
  readonly sha256: string;
  /** Neighbours that were left out. */
  readonly unmapped: number;
  readonly dropped: number;
  /** Part of the log could not be read. */
  readonly incomplete: boolean;
}

/** @param unmapped keep events that no mapping to ECS knows */
export async function cutLog(context: CommandContext, flags: LogFlags, unmapped: boolean): Promise<CutLog> {
  const { from } = flags;
  const stat = statSync(from, { throwIfNoEntry: false });
  if (stat === undefined) throw new Failure(`--from: there is no ${from}`);
  if (!stat.isFile()) throw new Failure(`--from: ${from} is not a file`, { help: "A case is cut from one log, or one archive of logs." });
  const wanted = wantedOf(context, flags);
  const around = millisOf(flags.around);
  if (!/^[1-9]\d{0,5}$/.test(flags.limit)) throw new Failure(`--limit ${flags.limit}: must be a whole number from 1`);
  const search = new AnchorSearch(wanted);
  const input = await readWithProgress(context, [from], search, () => search.events);
  const anchors = search.finish();
  if (anchors.length === 0)
    throw new Failure(`${from}: there is no such event`, {
      help: `${plural(search.events, "event was", "events were")} read. \`tocsin query\` and \`tocsin search\` print events with their places.`,
    });
  if (search.notKept > 0)
    context.err.write(`${context.err.paint("yellow", "warning")}: only ${anchors.length} of the events that match are looked at\n`);
  const cut = new Cut({ anchors, around, limit: Number(flags.limit), unmapped });
  // Its problems were printed at the first reading.
  const again = await readInputs([from], {}, cut);
  if (cut.events !== search.events || again.errors !== input.errors)
    throw new Failure(`${from} was not the same when it was read a second time`, {
      help: "Take a copy of a log that is still written, or of a disk that fails.",
      exitCode: EXIT.incomplete,
    });
  return {
    wanted,
    records: cut.finish(),
    anchors: new Set(anchors.map(({ ordinal }) => ordinal)),
    sha256: await sha256Of(from),
    unmapped: cut.unmapped,
    dropped: cut.dropped,
    incomplete: input.errors > 0,
  };
}

function wantedOf({ err }: CommandContext, { record, line, id, query }: LogFlags): Wanted {
  const given = [record, line, id, query].filter((flag) => flag !== undefined);
  if (given.length !== 1)
    throw new Failure("which events? Name one of --record, --line, --id and --query", {
      help: "`--record N` takes the number that `tocsin hunt` prints behind an event's place, `--query` any EQL.",
    });
  if (record !== undefined) return { kind: "record", number: record };
  if (line !== undefined) return { kind: "line", number: line };
  if (id !== undefined) return { kind: "id", id };
  const read = readQuery(query!, { profile: "tocsin", schema: ecsSchema() });
  printDiagnostics(err, query!, read.diagnostics);
  if (read.query === null) throw new Failure("--query: the query cannot be run");
  return { kind: "query", query: read.query };
}

function millisOf(text: string): number {
  const millis = text === "0" ? 0 : parseDuration(text);
  if (millis === null || millis === undefined) throw new Failure(`--around ${text}: must be a duration such as 30s, 2m or 1h, or 0`);
  return millis;
}

/** Of a file, however large. */
async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash.digest("hex");
}
