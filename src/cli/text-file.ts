import { readFileSync } from "node:fs";
import type { CommandContext } from "./context.ts";
import { Failure } from "./failure.ts";

/** The text of a file somebody named; a `Failure` where it cannot be read. */
export function readTextFile(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new Failure(`cannot read ${file}: ${(error as Error).message}`);
  }
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
