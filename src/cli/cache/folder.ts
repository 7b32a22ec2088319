import { lstatSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * Where Tocsin keeps what can be worked out again: `TOCSIN_CACHE` (nothing is kept where it is empty), else `tocsin` in the user's folder
 * for such files. Everything in it may be deleted at any time.
 */
export function cacheFolder(env: NodeJS.ProcessEnv): string | null {
  const named = env["TOCSIN_CACHE"];
  if (named !== undefined) return named === "" ? null : named;
  if (process.platform === "win32") return join(env["LOCALAPPDATA"] || join(homedir(), "AppData", "Local"), "tocsin");
  return join(env["XDG_CACHE_HOME"] || join(homedir(), process.platform === "darwin" ? "Library/Caches" : ".cache"), "tocsin");
}

/** Makes a folder for the user alone. False where that cannot be, or where others could write what is read from it. */
export function ownFolder(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { uid, mode } = lstatSync(folder);
    // Windows has no such owners and modes.
    return process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
  } catch {
    return false;
  }
}
