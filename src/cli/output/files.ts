import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { setImmediate } from "node:timers/promises";
import { beforeEnding } from "../ending.ts";
import { EXIT, Failure } from "../failure.ts";
import { makeFolder } from "./folder.ts";
import { writeHelp, writeReason } from "./reason.ts";
import { sweepUnfinished, unfinishedPath } from "./unfinished.ts";

export interface FileContent {
  readonly path: string;
  readonly content: Content;
}

/** A file's whole content, or pieces of a text that need not fit into one. */
export type Content = string | Uint8Array | Iterable<string>;

/**
 * Writes files whole: each beside its place under another name, then onto the disk, and only when all are there do they get their names.
 * What stood there stays when one cannot be written, and nothing else is left behind. Missing folders are made. A device or a pipe
 * (`/dev/stdout`) is written to as it is.
 * @param options.exclusive nothing that exists is replaced: then none of the files is written.
 * @throws Failure with the path and the reason.
 */
export async function writeFiles(files: Iterable<FileContent>, options: { readonly exclusive?: boolean } = {}): Promise<void> {
  const staging = new Staging(options.exclusive === true);
  const ended = beforeEnding(() => staging.discard());
  try {
    for await (const { path, content } of unhurried(files)) staging.add(path, content);
    staging.commit();
  } catch (error) {
    staging.discard();
    throw error;
  } finally {
    ended();
  }
}

/**
 * Puts a folder in the place of another, whole: the new one is written beside it, the old one renamed away, the new one renamed in, the old
 * one removed. Paths are inside the folder, with `/`. A folder that cannot be renamed (one that is mounted, or that somebody stands
 * in) is kept, and its files are written into it as `writeFiles` does.
 * @throws Failure with the path and the reason; the old folder is there then.
 */
export async function replaceFolder(folder: string, files: Iterable<FileContent>): Promise<void> {
  const target = existsSync(folder) ? realpathSync(folder) : resolve(folder);
  if (!canBeRenamed(target)) return writeFiles(inside(target, files));
  sweepUnfinished(dirname(target));
  const made = onDisk(target, () => makeFolder(dirname(target)));
  const [fresh, old] = [unfinishedPath(target, "new"), unfinishedPath(target, "old")];
  const discard = (): void => {
    remove(fresh);
    for (const one of made.toReversed()) removeEmpty(one);
  };
  const ended = beforeEnding(discard);
  try {
    onDisk(target, () => makeFolder(fresh));
    for await (const { path, content } of unhurried(inside(fresh, files))) {
      onDisk(join(target, path.slice(fresh.length)), () => {
        makeFolder(dirname(path));
        putFile(path, content, 0o666);
      });
    }
    onDisk(target, () => swap(target, fresh, old));
    remove(old);
    onDisk(target, () => syncFolder(dirname(target)));
  } catch (error) {
    discard();
    throw error;
  } finally {
    ended();
  }
}

function swap(target: string, fresh: string, old: string): void {
  const isThere = existsSync(target);
  if (isThere) renameSync(target, old);
  try {
    renameSync(fresh, target);
  } catch (error) {
    if (isThere) restore(old, target);
    throw error;
  }
}

function restore(old: string, target: string): void {
  try {
    renameSync(old, target);
  } catch (error) {
    throw new Failure(`${target} was renamed and cannot be renamed back ${writeReason((error as NodeJS.ErrnoException).code ?? "")}`, {
      help: `What it held is in ${old}, whole.`,
      exitCode: EXIT.unwritten,
    });
  }
}

/** Its parent may be written to, nothing is mounted there, and it is not taken from under our own feet. */
function canBeRenamed(folder: string): boolean {
  const stat = statSync(folder, { throwIfNoEntry: false });
  if (stat === undefined) return true;
  if (`${process.cwd()}${sep}`.startsWith(`${folder}${sep}`)) return false;
  try {
    accessSync(dirname(folder), constants.W_OK);
    return statSync(dirname(folder)).dev === stat.dev && !mountPoints().includes(folder);
  } catch {
    return false;
  }
}

/** A part of the same disk can be mounted, too, as containers do it: Linux lists them all (proc(5), field 5, spaces as `\\040`). */
function mountPoints(): string[] {
  if (process.platform !== "linux") return [];
  return readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .map((line) =>
      (line.split(" ")[4] ?? "").replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))),
    );
}

/**
 * Before long work: whether a file or folder of that name can be written at all.
 * @throws Failure with the path and the reason.
 */
export function requireWritable(path: string): void {
  onDisk(path, () => {
    let at = resolve(path);
    while (!existsSync(at) && dirname(at) !== at) at = dirname(at);
    accessSync(at, constants.W_OK);
    if (at !== resolve(path) && !statSync(at).isDirectory()) throw Object.assign(new Error(), { code: "ENOTDIR" });
  });
}

/** The same files in a folder; their own paths are written with `/`. */
export function* inside(folder: string, files: Iterable<FileContent>): Generator<FileContent> {
  for (const { path, content } of files) yield { path: join(folder, ...path.split("/")), content };
}

interface Staged {
  readonly target: string;
  /** Where it waits; null where it is written straight to a device or a pipe. */
  readonly waiting: string | null;
  readonly content: Content | null;
}

class Staging {
  readonly #exclusive: boolean;
  readonly #staged: Staged[] = [];
  readonly #swept = new Set<string>();
  /** Folders that were not there before, outermost first. */
  readonly #made: string[] = [];

  constructor(exclusive: boolean) {
    this.#exclusive = exclusive;
  }

  add(path: string, content: Content): void {
    onDisk(path, () => {
      if (this.#exclusive && lstatSync(path, { throwIfNoEntry: false }) !== undefined) throw Object.assign(new Error(), { code: "EEXIST" });
      const stat = statSync(path, { throwIfNoEntry: false });
      if (stat?.isDirectory() === true) throw Object.assign(new Error(), { code: "EISDIR" });
      if ((stat !== undefined && !stat.isFile()) || isDevice(path)) {
        this.#staged.push({ target: path, waiting: null, content });
        return;
      }
      // Who named a link means the file it leads to.
      const target = stat === undefined ? resolve(path) : realpathSync(path);
      this.#made.push(...makeFolder(dirname(target)));
      this.#sweep(dirname(target));
      const waiting = unfinishedPath(target, "new");
      this.#staged.push({ target, waiting, content: null });
      putFile(waiting, content, 0o666);
      if (stat !== undefined) chmodSync(waiting, stat.mode & 0o777);
    });
  }

  #sweep(folder: string): void {
    if (this.#swept.has(folder)) return;
    this.#swept.add(folder);
    sweepUnfinished(folder);
  }

  commit(): void {
    const taken: string[] = [];
    try {
      for (const { target, waiting, content } of this.#staged) {
        onDisk(target, () => {
          if (waiting === null) putInto(target, content!);
          else if (this.#exclusive) nameNew(waiting, target);
          else renameSync(waiting, target);
          taken.push(target);
        });
      }
      for (const folder of this.#swept) onDisk(folder, () => syncFolder(folder));
    } catch (error) {
      // What is new can be taken back; what was replaced cannot.
      if (this.#exclusive) for (const target of taken) remove(target);
      throw error;
    }
  }

  discard(): void {
    for (const { waiting } of this.#staged) if (waiting !== null) remove(waiting);
    for (const folder of this.#made.toReversed()) removeEmpty(folder);
  }
}

/** A link fails where something has the name, a rename does not; not every disk has links. */
function nameNew(waiting: string, target: string): void {
  try {
    linkSync(waiting, target);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EPERM" && code !== "ENOTSUP" && code !== "ENOSYS") throw error;
    renameSync(waiting, target);
    return;
  }
  rmSync(waiting);
}

/** `/dev/stdout` may be a file, which is the shell's to name. */
function isDevice(path: string): boolean {
  return /^\/(dev\/(stdout|stderr|fd\/)|proc\/)/.test(resolve(path));
}

function putInto(path: string, content: Content): void {
  const file = openSync(path, constants.O_WRONLY);
  try {
    writeWhole(file, content);
  } finally {
    closeSync(file);
  }
}

/** A new file, on the disk when this returns. */
function putFile(path: string, content: Content, mode: number): void {
  const file = openSync(path, "wx", mode);
  try {
    writeWhole(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** A write may take less than it was given, as where a disk is nearly full. */
function writeWhole(file: number, content: Content): void {
  if (typeof content === "string" || content instanceof Uint8Array) {
    const bytes = typeof content === "string" ? Buffer.from(content) : content;
    for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
    return;
  }
  let held = "";
  for (const piece of content) {
    held += piece;
    if (held.length < HELD_UNITS) continue;
    writeWhole(file, held);
    held = "";
  }
  writeWhole(file, held);
}

/** The names in a folder, too, are on the disk when this returns, where the system can do that. */
function syncFolder(path: string): void {
  let folder: number;
  try {
    folder = openSync(path, "r");
  } catch (error) {
    // Windows opens no folder; elsewhere one may be written to and not read.
    if (["EISDIR", "EPERM", "EACCES"].includes((error as NodeJS.ErrnoException).code ?? "")) return;
    throw error;
  }
  try {
    fsyncSync(folder);
  } catch (error) {
    if (!["EINVAL", "EPERM", "EBADF", "ENOTSUP"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  } finally {
    closeSync(folder);
  }
}

function remove(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // The next run takes it away.
  }
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Somebody else has put something there.
  }
}

/** What the file system refuses becomes a message with the path; any other error is a defect of ours and stays what it is. */
function onDisk<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : null;
    if (code === null) throw error;
    throw new Failure(`${path} cannot be written ${writeReason(code)}`, { help: writeHelp(code), exitCode: EXIT.unwritten });
  }
}

/** Pieces of a text are written together up to this length. */
const HELD_UNITS = 1 << 16;

const TURN_MS = 50;

/** The same files; between two of them, signals and timers have their turn. */
async function* unhurried(files: Iterable<FileContent>): AsyncGenerator<FileContent> {
  let since = performance.now();
  for (const file of files) {
    yield file;
    if (performance.now() - since < TURN_MS) continue;
    await setImmediate();
    since = performance.now();
  }
}
