/** What is given as a query: the query itself, or a file that holds one. */
import { existsSync } from "node:fs";
import { Failure } from "../failure.ts";
import type { CommandContext } from "../context.ts";
import { readText } from "../text-file.ts";

/**
 * The query's text: what is behind `@` is a file, or `-` for standard input.
 * @param isSentence its language has no query of one word, so that the name of a file is none
 */
export async function queryText(
  argument: string,
  paths: readonly string[],
  stdin: CommandContext["stdin"],
  isSentence: boolean,
): Promise<string> {
  if (argument === "@-" && paths.includes("-"))
    throw new Failure("standard input can be read only once: as the query or as logs", { help: "Give the query as @FILE." });
  if (argument.startsWith("@")) return readText(argument.slice(1), stdin);
  if (!isSentence || !existsSync(argument)) return argument;
  const swapped = paths.some((path) => path !== "-" && !existsSync(path));
  throw new Failure(`${argument} is a file, not a query`, {
    help: swapped ? "Write the query first, then the logs." : `Write @${argument} to read the query from it.`,
  });
}

const DATA_ENDINGS: { readonly [ending: string]: string } = {
  yml: "YAML",
  yaml: "YAML",
  toml: "TOML",
  json: "JSON",
  ndjson: "JSON",
  jsonl: "JSON",
};

/** Refuses a file that holds data or a rule of another kind, of which a parser of queries would list each line. */
export function requireQueryFile(file: string, text: string, help: string): void {
  const [, ending = ""] = /\.([a-z]+)$/i.exec(file) ?? [];
  const kind = DATA_ENDINGS[ending.toLowerCase()] ?? (/^\s*[[{]/.test(text) ? "JSON" : text.includes("\0") ? "binary data" : null);
  if (kind !== null) throw new Failure(`${file} holds ${kind}, not a query`, { help });
}
