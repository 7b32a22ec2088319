/** The alerts of a hunt as people read them on a terminal. */
import { UTC, visible, type HuntResult, type TimeZone } from "../../workbench/index.ts";
import { count, listText, timeText } from "../format.ts";
import { actRulesText, actTitle } from "../view/act.ts";
import { alertView } from "../view/alert.ts";
import { incidentViews, type IncidentView } from "../view/incident.ts";
import { ACT_COLUMNS, ALERT_COLUMNS, RULE_COLUMNS, WORDS } from "../words.ts";
import { indentedTable, type Column } from "./table.ts";
import { SEVERITY_STYLE, type TextTerminal } from "./terminal.ts";
import { wrappedText } from "./wrap.ts";

/** The incidents, each with what was done under it, line by line: together they may be longer than a text can be. */
export function* alertsLines(
  found: Pick<HuntResult, "incidents" | "excepted">,
  terminal: TextTerminal,
  zone: TimeZone = UTC,
): Generator<string> {
  const incidents = incidentViews(found, alertView, zone);
  if (incidents.length === 0) yield `${WORDS.noAlerts}.`;
  for (const [i, incident] of incidents.entries()) {
    if (i > 0) yield "";
    yield* headLines(incident, incidents.length, terminal);
    yield* actsLines(incident, terminal, zone);
  }
}

export function alertsText(result: Pick<HuntResult, "incidents" | "excepted">, terminal: TextTerminal): string {
  return [...alertsLines(result, terminal)].map((line) => `${line}\n`).join("");
}

/** What the incident comes to, and below it when it was and whom it concerns. */
function* headLines({ name, title, severity, when, concerned }: IncidentView, of: number, terminal: TextTerminal): Generator<string> {
  const [hosts, others] = [concerned.filter(({ title: of }) => of === "Hosts"), concerned.filter(({ title: of }) => of !== "Hosts")].map(
    (groups) => namesText(groups.flatMap(({ values }) => values)),
  );
  const head = `${name} of ${count(of)}  ${severity.toUpperCase()}  `;
  const [first, ...rest] = wrappedText(`${head}${nameText(title, MAX_TITLE)}`, terminal.width);
  yield `${terminal.paint("bold", `${name} of ${count(of)}`)}  ${terminal.paint(SEVERITY_STYLE[severity], severity.toUpperCase())}  ${terminal.paint("bold", first!.slice(head.length))}`;
  yield* rest;
  const facts = [nameText(when), hosts ?? "", others === "" ? "" : `(${others})`].filter((part) => part !== "");
  yield* wrappedText(`  ${facts.join("  ")}`, terminal.width);
}

/** One table; the acts that are set apart stand below a line that says so. */
function* actsLines({ acts }: IncidentView, terminal: TextTerminal, zone: TimeZone): Generator<string> {
  const columns: Column[] = [
    { title: ALERT_COLUMNS.time, unit: zone.name },
    { title: ALERT_COLUMNS.severity, paint: (text, row) => terminal.paint(SEVERITY_STYLE[acts[row]!.severity], text) },
    { title: ACT_COLUMNS.act, shrink: true, least: 30 },
    { title: RULE_COLUMNS.alerts, align: "right" },
    { title: ACT_COLUMNS.rules, shrink: true, least: 12, optional: 1 },
    { title: ALERT_COLUMNS.what, shrink: true, least: 24, optional: 2 },
  ];
  const rows = acts.map((act) => [
    timeText(act.first, zone),
    act.severity,
    nameText(actTitle(act), MAX_TITLE),
    count(act.alerts),
    nameText(actRulesText(act)),
    act.apart ?? act.deeds[0] ?? "",
  ]);
  const apartAt = acts.findIndex(({ apart }) => apart !== null);
  let row = -1;
  for (const line of indentedTable(columns, rows, terminal)) {
    if (row === apartAt && apartAt >= 0) yield `  ${WORDS.apart}:`;
    yield line;
    row++;
  }
}

const MAX_NAMES = 4;
const MAX_NAME = 100;
const MAX_TITLE = 240;

/** A name out of a log, in a line of text: nothing in it acts on the terminal, and it does not push the rest away. */
function nameText(text: string, max = MAX_NAME): string {
  return visible(text.length > max ? `${text.slice(0, max)}…` : text);
}

function namesText(names: readonly string[]): string {
  return listText(
    names.map((name) => nameText(name)),
    MAX_NAMES,
  );
}
