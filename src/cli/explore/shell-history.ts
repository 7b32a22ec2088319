/** Lines that were typed in earlier shells. Queries can hold names of people and machines: the file is its owner's alone. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

const MAX_LINES = 1_000;
const MAX_LENGTH = 10_000;

/** `$XDG_STATE_HOME/tocsin/history` (XDG Base Directory Specification), on Windows in the local application data. */
export function historyFile(env: NodeJS.ProcessEnv): string {
  const state =
    process.platform === "win32"
      ? (env["LOCALAPPDATA"] ?? join(homedir(), "AppData", "Local"))
      : env["XDG_STATE_HOME"] || join(homedir(), ".local", "state");
  return join(state, "tocsin", "history");
}

/** The newest first, as readline takes them. Without a readable file there are none. */
export function readHistory(file: string): string[] {
  try {
    return readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => line !== "" && line.length <= MAX_LENGTH)
      .slice(-MAX_LINES)
      .reverse();
  } catch {
    return [];
  }
}

/** Keeps the newest lines, given as readline has them. False where that cannot be written: a shell without a history is one all the same. */
export function writeHistory(file: string, newestFirst: readonly string[]): boolean {
  const lines = newestFirst
    .filter((line) => line.length <= MAX_LENGTH && !line.includes("\n"))
    .slice(0, MAX_LINES)
    .toReversed();
  const unfinished = `${file}.${process.pid}`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(unfinished, lines.map((line) => `${line}\n`).join(""), { mode: 0o600 });
    renameSync(unfinished, file);
    return true;
  } catch {
    return false;
  }
}
