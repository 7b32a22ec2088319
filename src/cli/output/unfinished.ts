import { createHash } from "node:crypto";
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, renameSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";

/**
 * Names of what is not finished: in the folder where it will stand, hidden, with whose it is (`PLACE-PID-START`), so that a later run
 * can tell what was left behind from what somebody is at. `new` is being written; `old` stood here until a moment ago.
 */
type Stage = "new" | "old";

const NAME = /^\.(.+)\.tocsin-([0-9a-f]{8})-(\d+)-(\d+)-\d+\.(new|old)$/;
/** With the rest of the name it stays below the 255 bytes that file systems take. */
const SHOWN_UNITS = 40;

const UNKNOWN = 0;

let number = 0;

export function unfinishedPath(path: string, stage: Stage): string {
  const name = basename(path);
  // What is old gets its name back, so all of it is kept.
  const shown = stage === "old" ? name : name.slice(0, SHOWN_UNITS);
  return join(dirname(path), `.${shown}.tocsin-${place()}-${process.pid}-${startOf(process.pid) ?? UNKNOWN}-${number++}.${stage}`);
}

/**
 * Takes away what runs that are dead left in a folder, and gives an old name back where nothing took its place. Leaves alone what is of
 * another user or machine, what a living process is at, and links.
 */
export function sweepUnfinished(folder: string): void {
  for (const name of namesIn(folder)) {
    const [, target, at, pid, start, stage] = NAME.exec(name) ?? [];
    if (target === undefined || at !== place() || isAlive(Number(pid), Number(start))) continue;
    const path = join(folder, name);
    try {
      const stat = lstatSync(path);
      if (stat.isSymbolicLink() || (process.getuid !== undefined && stat.uid !== process.getuid())) continue;
      if (stage === "old" && !existsSync(join(folder, target))) renameSync(path, join(folder, target));
      else rmSync(path, { recursive: true, force: true });
    } catch {
      // Another run sweeps too, or it may not be removed: it is in nobody's way.
    }
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** This machine and its space of process ids: in another container a number means another process. */
function place(): string {
  let space = "";
  try {
    space = readlinkSync("/proc/self/ns/pid");
  } catch {
    // Not Linux: one space of process ids a machine.
  }
  return createHash("sha256").update(`${hostname()}\n${space}`).digest("hex").slice(0, 8);
}

/** An id that was given to another process since has another start. */
function isAlive(pid: number, start: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
  const known = startOf(pid);
  return known === null || start === UNKNOWN || known === start;
}

/** When a process began, in ticks since the machine did (proc(5), field 22 of `stat`); null where that cannot be known. */
function startOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The second field is the command's name in brackets, which may hold anything.
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]);
  } catch {
    return null;
  }
}
