import { csvLine } from "../../report/index.ts";
import { alertDocument, jsonText, whereText, type Alert } from "../../workbench/index.ts";

/** One ECS alert document a line, as the command line writes them. */
export function ndjsonOf(alerts: readonly Alert[]): Blob {
  return new Blob(
    alerts.map((alert) => `${jsonText(alertDocument(alert))}\n`),
    { type: "application/x-ndjson" },
  );
}

const COLUMNS = {
  time: (a) => a.time ?? "",
  severity: (a) => a.rule.severity,
  host: (a) => a.host,
  rule: (a) => a.rule.key,
  name: (a) => a.rule.name,
  title: (a) => a.title,
  who: (a) => a.who,
  what: (a) => a.what,
  place: (a) => a.events.map((e) => (e === null ? "(missing)" : whereText(e.place))).join(" | "),
  id: (a) => a.id,
} as const satisfies Record<string, (alert: Alert) => string>;

/** A spreadsheet's cell holds 32,767 characters. */
const MAX_CELL = 32_000;

/** CSV, UTF-8 with a byte order mark, since spreadsheets guess otherwise. */
export function csvOf(alerts: readonly Alert[]): Blob {
  const lines = alerts.map((alert) => csvLine(Object.values(COLUMNS).map((read) => cellText(read(alert)))));
  return new Blob(["\uFEFF", csvLine(Object.keys(COLUMNS)), ...lines], { type: "text/csv" });
}

export function cellText(text: string): string {
  return text.length > MAX_CELL ? `${text.slice(0, MAX_CELL)} (cut)` : text;
}
