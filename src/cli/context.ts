import { isatty } from "node:tty";
import { cacheFolder } from "./cache/folder.ts";
import { findConfiguration, type ConfigurationPlace } from "./configuration/find.ts";
import { endingAsked } from "./ending.ts";
import { DescriptorOutput } from "./output/output.ts";
import { terminal, type Terminal } from "./output/terminal.ts";

export interface Keyboard {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly env: NodeJS.ProcessEnv;
}

/** What one run of the command line has of the world outside: commands are given it, and use no stream of the process themselves. */
export interface CommandContext {
  readonly out: Terminal;
  readonly err: Terminal;
  readonly stdin: AsyncIterable<Uint8Array> & { readonly isTTY?: boolean };
  /** Where somebody types and looks at what is printed; null where input or output is no terminal. */
  readonly keyboard: Keyboard | null;
  /** Where the configuration lies; null where a run has none, as in tests. */
  readonly configuration: ConfigurationPlace | null;
  /** Where what can be worked out again is kept; null where nothing is. */
  cacheFolder: string | null;
  /** What the command found; `run` may replace it where the output was not written completely. */
  exitCode: number;
  /**
   * Waits until somebody ends the run (Ctrl-C, SIGTERM). Without it a signal ends the process.
   */
  readonly interrupted: () => Promise<void>;
}

/** The context of this process. */
export function processContext(): CommandContext {
  const out = new DescriptorOutput(1);
  const err = new DescriptorOutput(2, out);
  return {
    out: terminal(out, isatty(1) ? process.stdout.columns : undefined, process.env),
    err: terminal(err, isatty(2) ? process.stderr.columns : undefined, process.env),
    // Opened only by who reads it.
    stdin: { isTTY: isatty(0), [Symbol.asyncIterator]: () => (process.stdin as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]() },
    get keyboard() {
      return isatty(0) && isatty(1) ? { input: process.stdin, output: process.stdout, env: process.env } : null;
    },
    configuration: findConfiguration(process.cwd(), process.env),
    cacheFolder: cacheFolder(process.env),
    exitCode: 0,
    interrupted: endingAsked,
  };
}
