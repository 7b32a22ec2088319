import type { Severity } from "../../workbench/index.ts";

/** What a stream can show, as far as a text is laid out for it. */
export interface TextTerminal {
  /** Columns, or undefined where lines must not be cut. */
  readonly width: number | undefined;
  /** The text in a style, or as it is where the stream has none. */
  paint(style: TextStyle, text: string): string;
}

/** Names of styles as terminals have them; several add up. */
export type TextStyle = StyleName | StyleName[];
type StyleName = "bold" | "red" | "yellow" | "green" | "cyan" | "magenta";

/** The colours of severities. */
export const SEVERITY_STYLE: Readonly<Record<Severity, TextStyle>> = {
  critical: ["bold", "magenta"],
  high: ["bold", "red"],
  medium: ["yellow"],
  low: ["cyan"],
  informational: [],
};
