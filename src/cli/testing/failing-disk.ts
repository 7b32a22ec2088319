import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

/** What can fail. Removing is left out: what cannot be removed stays, whatever we do. */
const SYNC = [
  "accessSync",
  "chmodSync",
  "fsyncSync",
  "linkSync",
  "lstatSync",
  "mkdirSync",
  "openSync",
  "readFileSync",
  "readSync",
  "readdirSync",
  "realpathSync",
  "renameSync",
  "statSync",
  "writeSync",
] as const;
const ASYNC = ["open", "readdir", "stat"] as const;

export interface Fault {
  /** The how many-th call fails, from 1. */
  readonly at: number;
  readonly code: string;
  /** Every call of that kind after it fails, too, as on a full disk. */
  readonly stays?: boolean;
}

/** No write takes more bytes than this. */
export interface ShortWrites {
  readonly takes: number;
}

export interface Calls {
  /** The names of the calls that were made, in order. */
  readonly calls: readonly string[];
  /** Which of them failed first; null where there were fewer calls. */
  readonly failed: string | null;
}

type Anything = (...args: unknown[]) => unknown;

/** Runs `work` on a file system of which one call fails, or that takes little at a time. The calls of this process are counted, so nothing else may run beside it. */
export async function onFailingDisk(fault: Fault | ShortWrites | null, work: () => Promise<void>): Promise<Calls> {
  const calls: string[] = [];
  let failed: string | null = null;
  const step = (name: string): void => {
    calls.push(name);
    if (fault === null || "takes" in fault || (calls.length !== fault.at && !(fault.stays === true && failed === name))) return;
    failed ??= name;
    throw Object.assign(new Error(`${fault.code}: this call fails, ${name}`), { code: fault.code, syscall: name });
  };
  const restore: (() => void)[] = [];
  const replace = (on: object, name: string, make: (real: Anything) => Anything): void => {
    const table = on as Record<string, Anything>;
    const real = table[name]!;
    table[name] = Object.assign(make(real), real);
    restore.push(() => (table[name] = real));
  };
  for (const name of SYNC)
    replace(fs, name, (real) => (...args) => {
      step(name);
      return real(...args);
    });
  if (fault !== null && "takes" in fault)
    replace(
      fs,
      "writeSync",
      (real) =>
        (file, bytes, from = 0, length = (bytes as Uint8Array).length - (from as number), position = null) =>
          real(file, bytes, from, Math.min(length as number, fault.takes), position),
    );
  for (const name of ASYNC)
    replace(fs.promises, name, (real) => async (...args) => {
      step(name);
      const result = await real(...args);
      if (name !== "open") return result;
      const handle = result as { read: Anything };
      const read = handle.read.bind(handle);
      handle.read = async (...readArgs) => {
        step("read");
        return await read(...readArgs);
      };
      return handle;
    });
  syncBuiltinESMExports();
  try {
    await work();
  } finally {
    for (const undo of restore.toReversed()) undo();
    syncBuiltinESMExports();
  }
  return { calls, failed };
}
