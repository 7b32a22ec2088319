/** Texts in Markdown as GitHub and GitLab read it, each on a line of its own. */

/** A row of a table. */
export function markdownRow(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |\n`;
}

/** A text that stands for itself, behind others on a line: nothing in it is markup. */
export function markdownText(text: string): string {
  return text.replaceAll(/[\\`*_[\]<&|~]/g, (char) => (char === "<" || char === "&" ? ENTITIES[char] : `\\${char}`));
}

/** A text as code, where no name is mentioned and no address linked. */
export function markdownCode(text: string): string {
  if (text === "") return "";
  // A backslash before a bar cannot be written in a code span of a table.
  if (text.includes("\\|")) return `<code>${text.replaceAll(/[^\w .,:-]/g, (char) => `&#${char.codePointAt(0)};`)}</code>`;
  let longest = 0;
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  const fence = "`".repeat(longest + 1);
  // Code that begins or ends with a backtick, or is nothing but blanks, needs a blank beside the fence.
  const pad = /^`|`$|^ .* $/.test(text) ? " " : "";
  return `${fence}${pad}${text.replaceAll("|", "\\|")}${pad}${fence}`;
}

const ENTITIES = { "<": "&lt;", "&": "&amp;" } as const;
