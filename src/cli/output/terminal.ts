import { styleText } from "node:util";
import type { Output } from "./output.ts";

type Style = Parameters<typeof styleText>[0];

/** An output and what it can show: colour and width only where a person looks at it. */
export interface Terminal extends Output {
  readonly isTty: boolean;
  /** Columns, or undefined where lines must not be cut. */
  readonly width: number | undefined;
  paint(style: Style, text: string): string;
}

/** Shows nothing, for who wants to read no more than the result. */
export function silent(terminal: Terminal): Terminal {
  return { ...terminal, isTty: false, write() {}, flush() {}, finish() {}, end: null };
}

/** @param columns of the terminal; undefined where the output is none. Honours NO_COLOR, FORCE_COLOR and TERM of the environment. */
export function terminal(output: Output, columns: number | undefined, environment: NodeJS.ProcessEnv): Terminal {
  const isTty = columns !== undefined;
  const forced = environment["FORCE_COLOR"];
  const colour =
    forced !== undefined && forced !== "0" ? true : isTty && environment["NO_COLOR"] === undefined && environment["TERM"] !== "dumb";
  return {
    isTty,
    width: columns,
    paint: (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text),
    write: (text) => output.write(text),
    writeBytes: (bytes) => output.writeBytes(bytes),
    flush: () => output.flush(),
    finish: () => output.finish(),
    get end() {
      return output.end;
    },
  };
}
