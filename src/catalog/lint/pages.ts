/** The pages of docs/lint/: one a code, from the code's own words and its golden. */
import { LINT_CODES, type LintCode, type LintEntry } from "./codes.ts";

/** What a golden holds: a query with its settings as comments, and what the linter says of it. */
export interface LintExample {
  readonly query: string;
  readonly output: string;
}

/** Markdown. */
export function lintPage(code: LintCode, example: LintExample): string {
  const entry: LintEntry = LINT_CODES[code];
  const parts = [
    `# ${code}`,
    `**${entry.title}.** Severity: ${entry.severity}.`,
    "## What it means",
    entry.doc,
    "## Example",
    fence("eql", example.query),
    "The comments say which data sources the rule names. `tocsin lint` says:",
    fence("text", example.output),
    "## How to fix it",
    entry.fix,
    ...(entry.better === null ? [] : ["The example, corrected:", fence("eql", entry.better)]),
    "## When to suppress it",
    entry.suppress,
    ...(code === "unused-suppression"
      ? []
      : [
          "A suppression stands in the rule's file and gives its reason; `tocsin lint --suppressed` lists them:",
          fence("yaml", `lint:\n  - code: ${code}\n    reason: Why this rule keeps it`),
        ]),
    "[All findings](README.md)",
  ];
  return `${parts.join("\n\n")}\n`;
}

/** The table of all pages. */
export function lintIndex(): string {
  const rows = (Object.keys(LINT_CODES) as LintCode[]).map(
    (code) => `| [${code}](${code}.md) | ${LINT_CODES[code].severity} | ${LINT_CODES[code].title} |`,
  );
  return [
    "# What tocsin lint finds",
    "",
    "`tocsin lint` holds the rules of a package against what their data sources can produce. It reads declarations and the events of cases, and runs nothing. An open error ends it with 1.",
    "`tocsin lint --explain CODE` prints a page's words.",
    "",
    "| Code | Severity | |",
    "|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}

/** The words of a code for a terminal. */
export function lintExplanation(code: LintCode): string {
  const entry: LintEntry = LINT_CODES[code];
  const corrected = entry.better === null ? [] : ["", "For example:", ...entry.better.split("\n").map((line) => `  ${line}`)];
  return [
    `${code} (${entry.severity}): ${entry.title}.`,
    "",
    entry.doc,
    "",
    `How to fix it: ${entry.fix}`,
    ...corrected,
    "",
    `When to suppress it: ${entry.suppress}`,
    "",
  ].join("\n");
}

function fence(language: string, text: string): string {
  return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;
}
