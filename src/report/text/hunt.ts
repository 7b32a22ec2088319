/** The alerts of a hunt as people read them on a terminal. */
import { textColumns, UTC, visible, type HuntResult, type TimeZone } from "../../workbench/index.ts";
import { count, listText, timeText } from "../format.ts";
import { alertView, incidentViews, type IncidentView } from "../view/alert.ts";
import { ALERT_COLUMNS, WORDS } from "../words.ts";
import { indentedTable, type Column } from "./table.ts";
import { SEVERITY_STYLE, type TextTerminal } from "./terminal.ts";
import { wrappedText } from "./wrap.ts";

/** The incidents, each with its alerts under it, line by line: together they may be longer than a text can be. */
export function* alertsLines(
  { incidents }: Pick<HuntResult, "incidents">,
  terminal: TextTerminal,
  zone: TimeZone = UTC,
): Generator<string> {
  if (incidents.length === 0) yield `${WORDS.noAlerts}.`;
  for (const [i, incident] of incidentViews(incidents, alertView, zone).entries()) {
    if (i > 0) yield "";
    yield* headLines(incident, incidents.length, terminal);
    yield* stepsLines(incident, terminal, zone);
  }
}

export function alertsText(result: Pick<HuntResult, "incidents">, terminal: TextTerminal): string {
  return [...alertsLines(result, terminal)].map((line) => `${line}\n`).join("");
}

/** On one line where there is room, else whom it concerns on lines of its own. */
function* headLines({ name, severity, when, concerned }: IncidentView, of: number, terminal: TextTerminal): Generator<string> {
  const [hosts, others] = [concerned.filter(({ title }) => title === "Hosts"), concerned.filter(({ title }) => title !== "Hosts")].map(
    (groups) => namesText(groups.flatMap(({ values }) => values)),
  );
  const title = `${name} of ${count(of)}`;
  const rest = [nameText(when), hosts ?? "", others === "" ? "" : `(${others})`].filter((part) => part !== "");
  const painted = [terminal.paint("bold", title), terminal.paint(SEVERITY_STYLE[severity], severity.toUpperCase())];
  const columns = (parts: readonly string[]): number => textColumns([title, severity, ...parts].join("  "));
  const width = terminal.width ?? Infinity;
  let onLine = rest.length;
  while (onLine > 0 && columns(rest.slice(0, onLine)) > width) onLine--;
  yield [...painted, ...rest.slice(0, onLine)].join("  ");
  if (onLine < rest.length) yield* wrappedText(`  ${rest.slice(onLine).join("  ")}`, width);
}

function stepsLines({ steps }: IncidentView, terminal: TextTerminal, zone: TimeZone): Generator<string> {
  const isRepeated = steps.some(({ repeats }) => repeats.length > 0);
  const columns: Column[] = [
    { title: ALERT_COLUMNS.time, unit: zone.name },
    { title: ALERT_COLUMNS.severity, paint: (text, row) => terminal.paint(SEVERITY_STYLE[steps[row]!.alert.severity], text) },
    { title: ALERT_COLUMNS.host, shrink: true, least: 10 },
    // A column of its own, so that a narrow terminal cuts no number off.
    ...(isRepeated ? [{ title: WORDS.times, align: "right" as const }] : []),
    { title: ALERT_COLUMNS.rule, shrink: true, least: 24 },
    // The line above names the accounts, and most titles say what was done.
    { title: ALERT_COLUMNS.who, shrink: true, least: 10, optional: 2 },
    { title: ALERT_COLUMNS.what, shrink: true, least: 16, optional: 1 },
  ];
  const rows = steps.map(({ alert, repeats }) => [
    timeText(alert.time, zone),
    alert.severity,
    alert.host,
    ...(isRepeated ? [repeats.length === 0 ? "" : count(repeats.length + 1)] : []),
    `${alert.ruleId === "" ? "" : `${alert.ruleId} `}${alert.title}`,
    alert.who,
    alert.what,
  ]);
  return indentedTable(columns, rows, terminal);
}

const MAX_NAMES = 4;
const MAX_NAME = 100;

/** A name out of a log, in a line of text: nothing in it acts on the terminal, and it does not push the rest away. */
function nameText(text: string): string {
  return visible(text.length > MAX_NAME ? `${text.slice(0, MAX_NAME)}…` : text);
}

function namesText(names: readonly string[]): string {
  return listText(names.map(nameText), MAX_NAMES);
}
