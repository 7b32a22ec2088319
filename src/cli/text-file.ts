import { readFileSync } from "node:fs";
import type { CommandContext } from "./context.ts";
import { Failure } from "./failure.ts";

/** The text of a file somebody named; a `Failure` where it cannot be read. */
export function readTextFile(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw unreadable(file, error);
  }
}

const REASONS: { readonly [code: string]: readonly [reason: string, help: string] } = {
  ENOENT: ["there is no such file", "Check the path; it is relative to the current folder."],
  EACCES: ["it may not be read", "Ask for the right to read it, or copy it where you have one."],
  EISDIR: ["it is a folder", "Name a file."],
  ENOTDIR: ["a part of its path is no folder", "Check the path."],
};

function unreadable(file: string, error: unknown): Failure {
  const { code = "", message } = error as NodeJS.ErrnoException;
  const known = Object.hasOwn(REASONS, code) ? REASONS[code] : undefined;
  return known === undefined
    ? new Failure(`cannot read ${file}: ${message}`)
    : new Failure(`cannot read ${file}: ${known[0]}`, { help: known[1] });
}

/** The same, where `-` is standard input. */
export async function readText(file: string, stdin: CommandContext["stdin"]): Promise<string> {
  if (file !== "-") return readTextFile(file);
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of stdin) chunks.push(chunk);
  } catch (error) {
    throw new Failure(`cannot read standard input: ${(error as Error).message}`);
  }
  return Buffer.concat(chunks).toString("utf8");
}
