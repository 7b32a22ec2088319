import { textColumns } from "../../workbench/index.ts";

/** A text in lines of at most so many columns, broken at blanks, the second and later ones indented. A word that is longer stands alone. */
export function wrappedText(text: string, width: number | undefined, indent = "  "): string[] {
  if (width === undefined || textColumns(text) <= width) return [text];
  const lines: string[] = [];
  let line: string | null = null;
  let columns = 0;
  for (const word of text.split(" ")) {
    const needs = textColumns(word);
    if (line !== null && columns + 1 + needs > width) {
      lines.push(line);
      line = `${indent}${word}`;
      columns = indent.length + needs;
    } else {
      columns += (line === null ? 0 : 1) + needs;
      line = line === null ? word : `${line} ${word}`;
    }
  }
  return [...lines, line ?? ""];
}
