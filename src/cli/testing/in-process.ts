import type { CommandContext } from "../context.ts";
import { textOutput, type Output } from "../output/output.ts";
import { terminal } from "../output/terminal.ts";
import { run } from "../run.ts";

export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

/**
 * A context without a terminal that keeps what is printed. A command that waits to be interrupted ends at once.
 * @param out where standard output goes instead of `printed.out`.
 */
export function capturedContext(
  stdin: Iterable<Uint8Array> = [],
  out?: Output,
  configuration: CommandContext["configuration"] = null,
): { readonly context: CommandContext; readonly printed: { out: string; err: string } } {
  const printed = { out: "", err: "" };
  const capture = (name: "out" | "err"): Output => textOutput((text) => void (printed[name] += text));
  const context: CommandContext = {
    out: terminal(out ?? capture("out"), undefined, {}),
    err: terminal(capture("err"), undefined, {}),
    // oxlint-disable-next-line typescript/require-await -- an async iterable, as standard input is
    stdin: (async function* () {
      yield* stdin;
    })(),
    keyboard: null,
    configuration,
    cacheFolder: null,
    exitCode: 0,
    interrupted: () => Promise.resolve(),
  };
  return { context, printed };
}

/** Runs a command line in this process. */
export async function tocsin(
  args: readonly string[],
  stdin: Iterable<Uint8Array> = [],
  configuration: CommandContext["configuration"] = null,
): Promise<CommandResult> {
  const { context, printed } = capturedContext(stdin, undefined, configuration);
  const status = await run(args, context);
  return { stdout: printed.out, stderr: printed.err, status };
}
