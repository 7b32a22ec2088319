import { Collected, type EventDocument } from "../workbench/index.ts";
import type { CommandContext } from "./context.ts";
import { Failure } from "./failure.ts";
import { readWithProgress } from "./hunting.ts";

/** Documents of threat intelligence in a file or folder, as events. */
export async function indicatorsIn(context: CommandContext, path: string): Promise<readonly EventDocument[]> {
  const collected = new Collected({ limit: MAX_INDICATORS });
  await readWithProgress(context, [path], collected, () => 0);
  const events = collected.inOrder().map(({ event }) => event);
  if (events.length === 0)
    throw new Failure(`--indicators ${path}: no document in there`, { help: "Give NDJSON of documents with `threat.indicator.*`." });
  if (collected.dropped > 0)
    throw new Failure(`--indicators ${path}: more than ${MAX_INDICATORS} documents`, { help: "Give fewer, the latest for instance." });
  return events;
}

const MAX_INDICATORS = 1_000_000;
