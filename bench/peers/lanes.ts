import { createWriteStream, existsSync, readFileSync, rmSync } from "node:fs";
import { once } from "node:events";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { evtxFiles, writeJoinedLog } from "../evtx-corpus.ts";
import { ndjsonChunks } from "../ndjson-corpus.ts";
import { quoted } from "./measure.ts";
import { python, zircoliteReady, type Sources, type Tool } from "./tools.ts";

/** Of each rule how many events it matched. */
export type Verdict = ReadonlyMap<string, number>;

/** One program at one task. */
export interface Run {
  readonly name: string;
  /** A command line of the shell. */
  readonly command: string;
  /** Exit codes that are no failure. */
  readonly codes?: readonly number[];
  /** What it found, read from the lines of its standard output, which may be too long for one text. */
  readonly verdict?: (lines: Iterable<string>) => Verdict;
  /** For who says it in another output than the one that is timed. */
  readonly verdictCommand?: string;
}

export interface Lane {
  readonly title: string;
  /** The first is what the others are held against. */
  readonly runs: readonly Run[];
}

export interface LaneOptions {
  /** Where inputs are made. */
  readonly folder: string;
  readonly tools: ReadonlyMap<string, Tool>;
  readonly sources: Sources;
  /** A folder of Sigma rules, `rules/windows` of SigmaHQ's. */
  readonly rules: string | null;
  /** A folder of EVTX files. */
  readonly events: string;
  readonly count: number;
  readonly megabytes: number;
  readonly say: (text: string) => void;
}

const TOCSIN = fileURLToPath(new URL("../../dist/bin/tocsin.js", import.meta.url));
const tocsin = (...args: readonly string[]): string => [process.execPath, TOCSIN, ...args].map(quoted).join(" ");
const command = (tool: Tool, ...args: readonly string[]): string => [tool.path, ...args].map(quoted).join(" ");
/** Alerts may be above the number that is kept, which the exit code tells. */
const HUNT_CODES = [0, 4];

/** By the names that `--only` takes; null where something for it is lacking, which is said. */
export const LANES = new Map<string, (options: LaneOptions) => Lane | null | Promise<Lane | null>>([
  ["structured", structured],
  ["ndjson", ndjson],
  ["query", query],
  ["evtx", evtxHunt],
  ["convert", evtxJson],
]);

function hunt(name: string, path: string, jobs: number, rules: string | null): Run {
  const args = ["hunt", path, "--keep-duplicates", "--jobs", String(jobs), ...(rules === null ? [] : ["--rules", rules])];
  return {
    name,
    command: tocsin(...args, "--summary"),
    codes: HUNT_CODES,
    verdictCommand: tocsin(...args, "--summary", "--json"),
    verdict: (lines) => {
      const { rules: seen } = JSON.parse([...lines].join("\n")) as {
        readonly rules: readonly { readonly rule: string; readonly events: number }[];
      };
      return new Map(seen.filter(({ events }) => events > 0).map(({ rule, events }) => [rule, events]));
    },
  };
}

/** Of lines of JSON, how many have each value of a field. */
function counted(lines: Iterable<string>, idOf: (line: object) => unknown): Verdict {
  const counts = new Map<string, number>();
  for (const line of lines) {
    if (!line.startsWith("{")) continue;
    const id = String(idOf(JSON.parse(line) as object));
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}

/** RSigma's own events: its generator runs where it lies. */
function structured({ folder, tools, sources, rules, count, say }: LaneOptions): Lane | null {
  const rsigma = tools.get("rsigma");
  const generator = join(sources.checkouts.get("rsigma") ?? "", "scripts", "perf", "gen_events.py");
  if (rsigma === undefined || rules === null || !existsSync(generator)) {
    say("RSigma's lane needs rsigma, its checkout (--checkout rsigma=FOLDER) and --rules");
    return null;
  }
  const path = join(folder, "structured_windows.ndjson");
  if (spawnSync("python3", [generator, "--out-dir", folder, "--count", String(count)]).status !== 0) throw new Error(`${generator} failed`);
  for (const other of [
    "raw_windows",
    "mixed_schema",
    "no_match",
    "low_match",
    "match_heavy",
    "cisco_syslog",
    "sysmon_file_event",
    "correlation",
  ])
    rmSync(join(folder, `${other}.ndjson`), { force: true });
  const evaluate = (...args: readonly string[]): string =>
    command(rsigma, "engine", "eval", "-r", rules, ...args, "--quiet", "--output-format", "ndjson", "-e", `@${path}`);
  const verdict = (lines: Iterable<string>): Verdict => counted(lines, (line) => (line as { readonly rule_id: string }).rule_id);
  return {
    title: `${count.toLocaleString("en")} events of RSigma's generator (structured Windows), all Sigma rules of ${rules}, loading them included`,
    runs: [
      { name: "rsigma --logsource-routing", command: evaluate("--logsource-routing"), verdict },
      { name: "rsigma", command: evaluate() },
      hunt("tocsin hunt --jobs 1", path, 1, rules),
      hunt("tocsin hunt --jobs 2", path, 2, rules),
    ],
  };
}

const LITERALS = ["admin$", "c$", "ipc$", "psexec", "net use", "wmic", "schtasks"];
/** In words that both dialects of EQL have. */
const QUERY = 'any where process.name == "powershell.exe" and stringContains(process.command_line, "session-1")';

/** Events of Winlogbeat's shape. */
async function winlogbeat(folder: string, megabytes: number): Promise<string> {
  const path = join(folder, `winlogbeat-${megabytes}.ndjson`);
  const out = createWriteStream(path);
  for (const chunk of ndjsonChunks(megabytes * 1e6)) if (!out.write(chunk)) await once(out, "drain");
  out.end();
  await once(out, "finish");
  return path;
}

async function ndjson({ folder, tools, megabytes }: LaneOptions): Promise<Lane> {
  const path = await winlogbeat(folder, megabytes);
  const rg = tools.get("rg");
  const parse = `let rest = ""; let count = 0;
    process.stdin.setEncoding("utf8").on("data", (text) => {
      const lines = (rest + text).split("\\n");
      rest = lines.pop();
      for (const line of lines) if (JSON.parse(line) !== null) count++;
    }).on("end", () => console.log(count));`;
  const literals = LITERALS.flatMap((text) => ["-e", text]);
  return {
    title: `${megabytes} MB of NDJSON as Winlogbeat writes it, the shipped package`,
    runs: [
      ...(rg === undefined
        ? []
        : [{ name: "rg, 7 literals of the rules, counting lines", command: command(rg, "-c", "-i", "-a", "-F", ...literals, path) }]),
      { name: "a JSON.parse loop", command: `${[process.execPath, "-e", parse].map(quoted).join(" ")} < ${quoted(path)}` },
      hunt("tocsin hunt --jobs 1", path, 1, null),
      hunt("tocsin hunt --jobs 2", path, 2, null),
    ],
  };
}

async function query({ folder, tools, megabytes, say }: LaneOptions): Promise<Lane | null> {
  const eql = tools.get("eql");
  if (eql === undefined) {
    say("the lane of one query needs eql");
    return null;
  }
  const size = Math.min(megabytes, 50);
  const path = await winlogbeat(folder, size);
  const verdict = (lines: Iterable<string>): Verdict => counted(lines, () => "the query");
  return {
    title: `one query over ${size} MB of NDJSON`,
    runs: [
      { name: "eql query (Python)", command: command(eql, "query", "--format", "jsonl", "--file", path, QUERY), verdict },
      { name: "tocsin query", command: tocsin("query", QUERY, path, "--keep-duplicates", "--ndjson"), verdict },
    ],
  };
}

/** Full chunks of many logs as one: of some peers each file costs a start. */
function joined({ folder, events, megabytes }: LaneOptions): { readonly path: string; readonly records: number } | null {
  const files = existsSync(events) ? evtxFiles(events) : [];
  if (files.length === 0) return null;
  const path = join(folder, "joined.evtx");
  return { path, records: writeJoinedLog(files, Math.min(megabytes, 60) * 1e6, path, 49_152).records };
}

function evtxHunt(options: LaneOptions): Lane | null {
  const { folder, tools, sources, rules, say } = options;
  const log = joined(options);
  if (log === null || rules === null) {
    say("the lane of event logs needs --events (a folder of EVTX files) and --rules");
    return null;
  }
  const runs: Run[] = [hunt("tocsin hunt --jobs 1", log.path, 1, rules), hunt("tocsin hunt --jobs 2", log.path, 2, rules)];
  const chainsaw = tools.get("chainsaw");
  const mapping = join(sources.checkouts.get("chainsaw") ?? "", "mappings", "sigma-event-logs-all.yml");
  if (chainsaw !== undefined && existsSync(mapping))
    runs.push({
      name: "chainsaw hunt",
      command: command(chainsaw, "hunt", log.path, "-s", rules, "--mapping", mapping, "--jsonl"),
      verdict: (lines) => counted(lines, (line) => (line as { readonly id: string }).id),
    });
  const dump = tools.get("evtx_dump");
  const rsigma = tools.get("rsigma");
  if (dump !== undefined && rsigma !== undefined) {
    const lines = join(folder, "dumped.jsonl");
    const step = command(
      rsigma,
      "engine",
      "eval",
      "-r",
      rules,
      "--logsource-routing",
      "--quiet",
      "--output-format",
      "ndjson",
      "-e",
      `@${lines}`,
    );
    // Its pipelines do not flatten these documents, so it finds next to nothing in them: time alone can be compared.
    runs.push({
      name: "evtx_dump, then rsigma (finds little: documents are nested)",
      command: `${command(dump, "-t", "1", "-o", "jsonl", log.path)} > ${quoted(lines)} && ${step}`,
    });
  }
  const zircolite = tools.get("zircolite");
  if (zircolite !== undefined && zircoliteReady(zircolite, sources, say)) {
    const found = join(folder, "zircolite.json");
    const args = [
      "--config",
      join(zircolite.path, "..", "config", "config.yaml"),
      "--events",
      log.path,
      "--ruleset",
      rules,
      "--pipeline",
      "sysmon",
      "windows-logsources",
      "--quiet",
      "--no-parallel",
      "--outfile",
      found,
    ];
    runs.push({
      name: "zircolite (turns the rules into SQL each time)",
      command: `cd ${quoted(folder)} && ${[python(sources), zircolite.path, ...args].map(quoted).join(" ")}`,
      verdict: () => {
        const rulesFound = JSON.parse(readFileSync(found, "utf8")) as readonly { readonly id: string; readonly count: number }[];
        return new Map(rulesFound.map(({ id, count }) => [id, count]));
      },
    });
  }
  return { title: `${log.records.toLocaleString("en")} records of EVTX, all Sigma rules of ${rules}`, runs };
}

function evtxJson(options: LaneOptions): Lane | null {
  const dump = options.tools.get("evtx_dump");
  const log = dump === undefined ? null : joined(options);
  if (dump === undefined || log === null) {
    options.say("the lane of lines of JSON needs evtx_dump and --events");
    return null;
  }
  const { path, records } = log;
  return {
    title: `${records.toLocaleString("en")} records of EVTX as lines of JSON`,
    runs: [
      { name: "evtx_dump -t 1", command: command(dump, "-t", "1", "-o", "jsonl", path) },
      { name: "tocsin convert --to raw", command: tocsin("convert", path, "--to", "raw") },
    ],
  };
}
