import type { CommandContext } from "../context.ts";
import { terminal } from "../output/terminal.ts";
import { run } from "../run.ts";

export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

/** A context without a terminal that keeps what is printed. A command that waits to be interrupted ends at once. */
export function capturedContext(stdin: Iterable<Uint8Array> = []): { context: CommandContext; printed: { out: string; err: string } } {
  const printed = { out: "", err: "" };
  const capture = (name: "out" | "err"): CommandContext["out"] =>
    terminal({ write: (text) => void (printed[name] += text), flush() {}, end: null }, undefined, {});
  const context: CommandContext = {
    out: capture("out"),
    err: capture("err"),
    // oxlint-disable-next-line typescript/require-await -- an async iterable, as standard input is
    stdin: (async function* () {
      yield* stdin;
    })(),
    exitCode: 0,
    interrupted: () => Promise.resolve(),
  };
  return { context, printed };
}

/** Runs a command line in this process. */
export async function tocsin(args: readonly string[], stdin: Iterable<Uint8Array> = []): Promise<CommandResult> {
  const { context, printed } = capturedContext(stdin);
  const status = await run(args, context);
  return { stdout: printed.out, stderr: printed.err, status };
}
