/** `tocsin shell`: the events are loaded, then lines are answered until there are no more. */
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { count, plural } from "../../report/index.ts";
import { Collected, seenFields, type EventDocument, type Normalised, type SeenFields } from "../../workbench/index.ts";
import type { CommandContext, Keyboard } from "../context.ts";
import { EXIT, Failure } from "../failure.ts";
import { readWithProgress } from "../hunting.ts";
import { completeLine } from "./shell-completion.ts";
import { historyFile, readHistory, writeHistory } from "./shell-history.ts";
import { Shell } from "./shell.ts";

/** Events that are held, and their characters (see `weightOf`): up to about a gigabyte of memory. */
const MAX_EVENTS = 500_000;
const MAX_WEIGHT = 300_000_000;
/** Events whose fields and values are completed: a sample, evenly over all. */
const SAMPLED = 2_000;

/** Returns the exit code: the worst of all lines where they come from a pipe. */
export async function runShell(context: CommandContext, paths: readonly string[], dropDuplicates: boolean): Promise<number> {
  const { err, keyboard } = context;
  if (paths.includes("-"))
    throw new Failure("standard input is where the queries come from", { help: "Write the logs into a file first, and name it." });
  const collected = new Collected({ limit: MAX_EVENTS, maxWeight: MAX_WEIGHT });
  const input = await readWithProgress(context, paths, collected, () => collected.size, { dropDuplicates });
  const events = collected.inOrder();
  err.write(`${plural(events.length, "event")} of ${plural(input.files, "file")} loaded\n`);
  if (collected.dropped > 0)
    err.write(
      `${err.paint("yellow", "warning")}: ${count(collected.dropped)} further events found no room and are in no answer; name fewer logs, or use \`query\`, which holds none\n`,
    );
  const shell = new Shell(context, events, input.files);
  const isPartial = input.errors > 0 || collected.dropped > 0;
  if (keyboard === null) {
    const worst = await answerPipe(context, shell);
    return worst === EXIT.done && isPartial ? EXIT.incomplete : worst;
  }
  await answerKeyboard(context, keyboard, shell, seenFields(sample(events)));
  return isPartial ? EXIT.incomplete : EXIT.done;
}

function* sample(events: readonly Normalised[]): Generator<EventDocument> {
  const step = Math.max(1, Math.floor(events.length / SAMPLED));
  for (let i = 0; i < events.length; i += step) yield events[i]!.event;
}

/** The codes from worst to best. */
const SEVERITY = [EXIT.defect, EXIT.unwritten, EXIT.usage, EXIT.incomplete] as readonly number[];

async function answerPipe({ stdin }: CommandContext, shell: Shell): Promise<number> {
  const codes = new Set<number>();
  for await (const line of createInterface({ input: Readable.from(stdin), crlfDelay: Infinity })) {
    const code = await shell.answer(line);
    if (code === null) break;
    codes.add(code);
  }
  return SEVERITY.find((code) => codes.has(code)) ?? EXIT.done;
}

async function answerKeyboard(
  { out, err }: CommandContext,
  { input, output, env }: Keyboard,
  shell: Shell,
  seen: SeenFields,
): Promise<void> {
  const file = historyFile(env);
  let history = readHistory(file);
  err.write(":help lists the commands; Tab completes fields and values; Ctrl-D ends.\n");
  err.flush();
  const lines = createInterface({
    input,
    output,
    terminal: true,
    history,
    historySize: 1_000,
    removeHistoryDuplicates: true,
    completer: (line: string) => completeLine(line, seen) as [string[], string],
  });
  lines.on("history", (now) => (history = now));
  // Ctrl-C gives up the line, as in a shell.
  lines.on("SIGINT", () => {
    output.write("^C\n");
    lines.write(null, { ctrl: true, name: "u" });
    lines.prompt();
  });
  let isOpen = true;
  lines.on("close", () => (isOpen = false));
  const prompt = (): void => {
    out.flush();
    err.flush();
    // The end of the input may come while a line is answered.
    if (!isOpen) return;
    lines.setPrompt(`${shell.language}> `);
    lines.prompt();
  };
  prompt();
  for await (const line of lines) {
    if ((await shell.answer(line)) === null) break;
    prompt();
  }
  lines.close();
  if (!writeHistory(file, history)) err.write(`note: the history could not be written to ${file}\n`);
}
