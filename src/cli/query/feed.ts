/** Where the events of a query come from: logs that are read, or events that were loaded before. */
import type { InputSummary, Normalised, Sink } from "../../workbench/index.ts";
import type { CommandContext } from "../context.ts";
import { readWithProgress } from "../hunting.ts";

/** A query at work. */
export interface QueryRun extends Sink {
  take(normalised: Normalised): void;
  readonly events: number;
}

/** Gives a query all events, and says what they came from. */
export type Feed = (run: QueryRun) => Promise<Pick<InputSummary, "files" | "errors">>;

export function logsFeed(context: CommandContext, paths: readonly string[], dropDuplicates: boolean): Feed {
  return (run) => readWithProgress(context, paths, run, () => run.events, { dropDuplicates });
}
