/** A hunt as people read it on a terminal. */
import { UTC, visible, type HuntResult, type TimeZone } from "../../workbench/index.ts";
import { count, listText, plural, timeText } from "../format.ts";
import { alertView, incidentViews, type IncidentView } from "../view/alert.ts";
import { gapFacts, readFacts, ruleViews, type ReportInput } from "../view/hunt.ts";
import { ALERT_COLUMNS, RULE_COLUMNS, WORDS } from "../words.ts";
import { tableLines, type Column } from "./table.ts";
import { SEVERITY_STYLE, type TextTerminal } from "./terminal.ts";

/** The incidents, each with its alerts under it, line by line: together they may be longer than a text can be. */
export function* alertsLines(
  { incidents }: Pick<HuntResult, "incidents">,
  terminal: TextTerminal,
  zone: TimeZone = UTC,
): Generator<string> {
  if (incidents.length === 0) yield `${WORDS.noAlerts}.`;
  for (const [i, incident] of incidentViews(incidents, alertView, zone).entries()) {
    if (i > 0) yield "";
    yield headText(incident, incidents.length, terminal);
    yield* stepsLines(incident, terminal, zone);
  }
}

export function alertsText(result: Pick<HuntResult, "incidents">, terminal: TextTerminal): string {
  return [...alertsLines(result, terminal)].map((line) => `${line}\n`).join("");
}

function headText({ name, severity, when, concerned }: IncidentView, of: number, terminal: TextTerminal): string {
  const [hosts, others] = [concerned.filter(({ title }) => title === "Hosts"), concerned.filter(({ title }) => title !== "Hosts")].map(
    (groups) => namesText(groups.flatMap(({ values }) => values)),
  );
  const parts = [
    terminal.paint("bold", `${name} of ${count(of)}`),
    terminal.paint(SEVERITY_STYLE[severity], severity.toUpperCase()),
    nameText(when),
    hosts ?? "",
    others === "" ? "" : `(${others})`,
  ];
  return parts.filter((part) => part !== "").join("  ");
}

function stepsLines({ steps }: IncidentView, terminal: TextTerminal, zone: TimeZone): Generator<string> {
  const columns: Column[] = [
    { title: ALERT_COLUMNS.time, unit: zone.name },
    { title: ALERT_COLUMNS.severity, paint: (text, row) => terminal.paint(SEVERITY_STYLE[steps[row]!.alert.severity], text) },
    { title: ALERT_COLUMNS.host },
    { title: ALERT_COLUMNS.rule, shrink: true },
    { title: ALERT_COLUMNS.who },
    { title: ALERT_COLUMNS.what, shrink: true },
  ];
  const rows = steps.map(({ alert, repeats }) => [
    timeText(alert.time, zone),
    alert.severity,
    alert.host,
    `${alert.ruleId} ${alert.title}${repeats.length === 0 ? "" : ` (×${count(repeats.length + 1)})`}`,
    alert.who,
    alert.what,
  ]);
  return indentedTable(columns, rows, terminal);
}

/** Beyond this the rules that saw nothing are counted: a package's say something, those of a collection of a thousand only fill the screen. */
const MAX_RULES = 60;

/** What was read, what each rule saw, and what could not be seen. */
export function summaryText(result: HuntResult, input: ReportInput, terminal: TextTerminal, zone: TimeZone = UTC): string {
  const facts = [...readFacts(result, input, zone), ...gapFacts(result, input)];
  const rules = ruleViews(result);
  const shown = rules.length <= MAX_RULES ? rules : rules.filter(({ matched }) => matched > 0);
  const columns: Column[] = [
    { title: RULE_COLUMNS.key },
    { title: RULE_COLUMNS.severity },
    { title: RULE_COLUMNS.matched, align: "right" },
    { title: RULE_COLUMNS.alerts, align: "right" },
    { title: RULE_COLUMNS.name, shrink: true },
  ];
  const rows = shown.map(({ key, severity, matched, alerts, name }) => [key, severity, count(matched), count(alerts), name]);
  const lines = [
    ...facts.map(({ title, text }) => `${title}: ${visible(text)}`),
    "",
    `${WORDS.rulesSaw} (events that satisfy it, or a part of its sequence):`,
    ...indentedTable(columns, rows, terminal),
    ...(shown.length < rules.length ? [`  ${plural(rules.length - shown.length, "rule")} saw nothing`] : []),
  ];
  return `${lines.join("\n")}\n`;
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

function* indentedTable(columns: readonly Column[], rows: readonly (readonly string[])[], { width }: TextTerminal): Generator<string> {
  // Heads are lower case in every table of the command line.
  const heads = columns.map((column) => ({ ...column, title: column.title.toLowerCase() }));
  for (const line of tableLines(heads, rows, width === undefined ? undefined : width - 2)) yield `  ${line}`;
}
