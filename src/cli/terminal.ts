import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

/** What a stream can show: colour and width only where a person looks at it. Honours NO_COLOR and FORCE_COLOR. */
export interface Terminal {
  readonly isTty: boolean;
  /** Columns, or undefined where lines must not be cut. */
  readonly width: number | undefined;
  paint(style: Style, text: string): string;
  write(text: string): void;
}

export function terminal(stream: NodeJS.WriteStream): Terminal {
  const isTty = stream.isTTY ?? false;
  const forced = process.env["FORCE_COLOR"];
  const colour =
    forced !== undefined && forced !== "0" ? true : isTty && process.env["NO_COLOR"] === undefined && process.env["TERM"] !== "dumb";
  return {
    isTty,
    width: isTty ? (stream.columns ?? 80) : undefined,
    paint: (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text),
    write: (text) => {
      stream.write(text);
    },
  };
}

export const out: Terminal = terminal(process.stdout);
export const err: Terminal = terminal(process.stderr);

/** Severity colours mean the same everywhere. */
export const SEVERITY_STYLE = {
  critical: ["bold", "magenta"],
  high: ["bold", "red"],
  medium: ["yellow"],
  low: ["cyan"],
} as const satisfies Record<string, Style>;
