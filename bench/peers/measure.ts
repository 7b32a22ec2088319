import { spawnSync } from "node:child_process";

/** What a process and everything it started took. */
export interface Taken {
  /** Seconds of all processors, user and system. */
  readonly cpu: number;
  readonly wall: number;
  /** Megabytes of the largest process. */
  readonly peak: number;
}

/** Node does not say what a child took; Python does, and RSigma's generator needs it anyway. */
const MEASURE = `
import json, os, resource, subprocess, sys, time
began = time.monotonic()
with open(sys.argv[1], "wb") as out:
    code = subprocess.run(["sh", "-c", sys.argv[2]], stdout=out, stderr=subprocess.DEVNULL).returncode
wall = time.monotonic() - began
of = resource.getrusage(resource.RUSAGE_CHILDREN)
unit = 1e6 if sys.platform == "darwin" else 1e3
print(json.dumps({"cpu": of.ru_utime + of.ru_stime, "wall": wall, "peak": of.ru_maxrss / unit, "code": code}))
`;

/**
 * Runs a command line of the shell.
 * @param output where its standard output goes. @param codes exit codes that are no failure.
 */
export function measured(command: string, output: string, codes: readonly number[] = [0]): Taken {
  const run = spawnSync("python3", ["-c", MEASURE, output, command], { encoding: "utf8" });
  if (run.error !== undefined || run.status !== 0)
    throw new Error(`python3 is needed to measure processes: ${run.error?.message ?? run.stderr}`);
  const { code, ...taken } = JSON.parse(run.stdout) as Taken & { readonly code: number };
  if (!codes.includes(code)) throw new Error(`exit code ${code} of ${command}`);
  return taken;
}

/** A text as one word of the shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
