import type { BigIntStats } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { isUtf8 } from "node:buffer";
import { join, sep } from "node:path";
import type { Problem } from "../workbench/index.ts";

/** A file to read. */
export interface FoundFile {
  /** As given, or as found below a folder that was given; `-` is standard input. Bytes where the name is no UTF-8. */
  readonly path: string | Buffer;
  /** The path as text, for people: what of it is no UTF-8 is U+FFFD. */
  readonly name: string;
  /** Bytes, as far as known beforehand; undefined for pipes. */
  readonly size: number | undefined;
  /** Named on the command line, not found in a folder: then it is an error if nothing can be read from it. */
  readonly named: boolean;
  /** When it was last written, in milliseconds since 1970; of files. */
  readonly modified?: number;
}

/** Where the shell puts pipes: `<(zcat a.gz)` becomes such a path, and it is the one kind of pipe whose writer is there. */
const OPEN_PIPE = /^\/(?:dev\/(?:fd\/\d+|stdin)|proc\/(?:self|\d+)\/fd\/\d+)$/;

/**
 * Finds the files below the paths: folders recursively, in the order of their names (by byte, the same on every machine). What is
 * no file is a problem and is not opened. A file or folder met a second time, through a link or a path given twice, is not read again.
 */
export async function findFiles(paths: readonly string[], problem: (problem: Problem) => void): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  const seen = new Map<string, string>();
  const visit = async (path: string | Buffer, named: boolean, link: boolean): Promise<void> => {
    if (path === "-") {
      found.push({ path, name: "(standard input)", size: undefined, named });
      return;
    }
    const name = String(path);
    let stats: BigIntStats;
    try {
      stats = await stat(path, { bigint: true });
    } catch (error) {
      problem(openProblem(name, error));
      return;
    }
    if (!stats.isFile() && !stats.isDirectory()) {
      if (named && OPEN_PIPE.test(name) && !stats.isBlockDevice()) found.push({ path, name, size: undefined, named });
      else
        problem({
          code: "input/not-a-file",
          severity: named ? "error" : "warning",
          message: `Skipped: it is a ${kindOf(stats)}`,
          place: { file: name },
        });
      return;
    }
    // Some file systems have no inode numbers: there no two folders can be recognised as the same.
    if (stats.ino !== 0n) {
      const identity = `${stats.dev}:${stats.ino}`;
      const earlier = seen.get(identity);
      if (earlier !== undefined) {
        // A link to what lies in the same tree is ordinary; a path given twice is worth a word.
        const message = `Not read again: it is the same ${stats.isDirectory() ? "folder" : "file"} as ${earlier}`;
        problem({ code: link ? "input/link-to-known" : "input/given-twice", severity: "warning", message, place: { file: name } });
        return;
      }
      seen.set(identity, name);
    }
    if (stats.isFile()) {
      found.push({ path, name, size: Number(stats.size), named, modified: Number(stats.mtimeMs) });
      return;
    }
    let entries;
    try {
      entries = await readdir(path, { withFileTypes: true, encoding: "buffer" });
    } catch (error) {
      problem(openProblem(name, error));
      return;
    }
    entries.sort((a, b) => Buffer.compare(a.name, b.name));
    if (named && entries.length === 0) {
      problem({
        code: "input/empty-folder",
        severity: "warning",
        message: "The folder is empty",
        help: "Name the folder that the logs lie in.",
        place: { file: name },
      });
    }
    // Links last: what they point to is then shown under its own name.
    for (const entry of entries) if (!entry.isSymbolicLink()) await visit(below(path, entry.name), false, false);
    for (const entry of entries) if (entry.isSymbolicLink()) await visit(below(path, entry.name), false, true);
  };
  for (const path of paths) await visit(path, true, false);
  return found;
}

/** The path of an entry of a folder: text where it is UTF-8, as names nearly always are. */
function below(folder: string | Buffer, entry: Buffer): string | Buffer {
  if (typeof folder === "string" && isUtf8(entry)) return join(folder, entry.toString());
  return Buffer.concat([Buffer.from(folder), Buffer.from(sep), entry]);
}

function kindOf(stats: BigIntStats): string {
  if (stats.isFIFO()) return "named pipe (FIFO)";
  if (stats.isSocket()) return "socket";
  return "device";
}

const REASONS: { readonly [code: string]: readonly [code: string, message: string] } = {
  ENOENT: ["input/missing", "There is no such file or folder"],
  ENOTDIR: ["input/missing", "There is no such file or folder"],
  EACCES: ["input/no-permission", "Permission to read it is denied"],
  EPERM: ["input/no-permission", "Permission to read it is denied"],
  ELOOP: ["input/link-loop", "The link leads back to itself"],
  ENAMETOOLONG: ["input/missing", "The name is longer than the file system allows"],
};

/** The problem for an error of the file system. */
export function openProblem(path: string, error: unknown): Problem {
  const errno = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
  const [code, message] = REASONS[errno] ?? ["input/unreadable", `It cannot be read${errno === "" ? "" : ` (${errno})`}`];
  const help = code === "input/missing" ? { help: "Check the path; it is relative to the current folder." } : {};
  return { code, severity: "error", message, ...help, place: { file: path } };
}
