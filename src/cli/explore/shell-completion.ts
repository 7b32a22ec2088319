/** What the Tab key completes in the shell. */
import { completionAt, QUERY_LANGUAGES, type SeenFields } from "../../workbench/index.ts";
import { COMMANDS } from "./shell-commands.ts";

/** As readline asks for it: what may stand there, and the part of the line that it stands for. */
export type Completions = readonly [hits: string[], part: string];

/** More than these only fill the screen. */
const MAX_HITS = 200;

export function completeLine(line: string, seen: SeenFields): Completions {
  if (!line.startsWith(":")) return completeQuery(line, seen);
  const words = line.split(/[\s,]+/);
  const part = words.at(-1)!;
  if (words.length === 1)
    return hits(
      part,
      COMMANDS.map(({ name }) => name),
    );
  const command = COMMANDS.find(({ name }) => name === words[0]);
  if (command?.takes === "language") return hits(part, Object.keys(QUERY_LANGUAGES));
  return command?.takes === "fields" ? hits(part, [...seen.keys()].sort()) : [[], part];
}

function completeQuery(line: string, seen: SeenFields): Completions {
  const found = completionAt(line, line.length, seen, true);
  if (found === null) return [[], line];
  // What the files have comes first, as in the editor of the pages.
  const items = [...found.options].sort((a, b) => (b.boost ?? 0) - (a.boost ?? 0));
  return hits(
    line.slice(found.from),
    items.map(({ label, apply }) => apply ?? label),
  );
}

function hits(part: string, names: readonly string[]): Completions {
  const begun = part.toLowerCase();
  return [names.filter((name) => name.toLowerCase().startsWith(begun)).slice(0, MAX_HITS), part];
}
