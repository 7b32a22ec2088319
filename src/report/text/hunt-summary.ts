/** What a hunt read, found and could not see, as people read it on a terminal or in a ticket. */
import { UTC, visible, type HuntResult, type TimeZone } from "../../workbench/index.ts";
import { count } from "../format.ts";
import { alertFacts, alertHistogram, histogramTitle } from "../view/alert-counts.ts";
import { gapFacts, readFacts, type Fact, type ReportInput } from "../view/hunt.ts";
import { hitRules } from "../view/rules.ts";
import { RULE_COLUMNS, WORDS } from "../words.ts";
import { markdownCode, markdownRow, markdownText } from "./markdown.ts";
import { indentedTable, type Column } from "./table.ts";
import { SEVERITY_STYLE, type TextTerminal } from "./terminal.ts";
import { wrappedText } from "./wrap.ts";

/** What was read, how the alerts are spread, what each rule saw, and what could not be seen. */
export function summaryText(result: HuntResult, input: ReportInput, terminal: TextTerminal, zone: TimeZone = UTC): string {
  const lines = [
    ...factsOf(result, input, zone).flatMap(({ title, text }) => wrappedText(`${title}: ${visible(text)}`, terminal.width)),
    ...histogramLines(result, terminal, zone),
    "",
    ...rulesLines(result, terminal),
  ];
  return `${lines.join("\n")}\n`;
}

function factsOf(result: HuntResult, input: ReportInput, zone: TimeZone): Fact[] {
  return [...readFacts(result, input, zone), ...alertFacts(result, zone), ...gapFacts(result, input)];
}

const MAX_BAR = 50;

function* histogramLines(result: HuntResult, terminal: TextTerminal, zone: TimeZone): Generator<string> {
  const histogram = alertHistogram(result, zone);
  if (histogram === null) return;
  const { bars } = histogram;
  yield "";
  yield `${histogramTitle(histogram, zone)}:`;
  const most = bars.reduce((max, { alerts }) => Math.max(max, alerts), 1);
  const [names, numbers] = [bars[0]!.name.length, count(most).length];
  const room = Math.max(5, Math.min(MAX_BAR, (terminal.width ?? 80) - names - numbers - 6));
  for (const { name, alerts, worst } of bars) {
    const bar = "█".repeat(Math.ceil((alerts / most) * room));
    yield `  ${name}  ${count(alerts).padStart(numbers)}${worst === null ? "" : `  ${terminal.paint(SEVERITY_STYLE[worst], bar)}`}`;
  }
}

/** Rules that something satisfied, worst and most first; the others in a line. */
function* rulesLines(result: HuntResult, terminal: TextTerminal): Generator<string> {
  const { hit, quietText } = hitRules(result);
  if (hit.length > 0) {
    yield `${WORDS.rulesSaw} (events that satisfy it, or a part of its sequence):`;
    // Rules of no package go by their names.
    const hasIds = hit.some(({ id }) => id !== "");
    const columns: Column[] = [
      ...(hasIds ? [{ title: RULE_COLUMNS.key }] : []),
      { title: RULE_COLUMNS.severity, paint: (text, row) => terminal.paint(SEVERITY_STYLE[hit[row]!.severity], text) },
      { title: RULE_COLUMNS.matched, align: "right" },
      { title: RULE_COLUMNS.alerts, align: "right" },
      { title: RULE_COLUMNS.name, shrink: true },
    ];
    const rows = hit.map(({ id, key, severity, matched, alerts, name }) => [
      ...(hasIds ? [id === "" ? "" : key] : []),
      severity,
      count(matched),
      count(alerts),
      name,
    ]);
    yield* indentedTable(columns, rows, terminal);
  }
  if (quietText !== "") yield* wrappedText(quietText, terminal.width);
}

/** The same in Markdown. */
export function* summaryMarkdown(result: HuntResult, input: ReportInput, zone: TimeZone = UTC): Generator<string> {
  yield "## Summary\n\n";
  for (const { title, text } of factsOf(result, input, zone)) yield `- **${markdownText(title)}**: ${markdownCode(visible(text))}\n`;
  const { hit, quietText } = hitRules(result);
  yield "\n## Rules\n\n";
  if (hit.length > 0) {
    yield markdownRow(["Rule", "Severity", "Events", "Alerts"]);
    yield markdownRow(["---", "---", "---:", "---:"]);
    for (const { id, key, name, severity, matched, alerts } of hit)
      yield markdownRow([markdownText(visible(id === "" ? name : `${key} ${name}`)), severity, count(matched), count(alerts)]);
    yield "\n";
  }
  if (quietText !== "") yield `${markdownText(quietText)}\n\n`;
  yield "## Alerts\n\n";
  if (result.alerts.length === 0) yield `${WORDS.noAlerts}.\n`;
}
