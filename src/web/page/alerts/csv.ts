import { csvLine, type AlertList, type ListedAlert } from "../../../report/index.ts";
import { visible } from "../../../workbench/index.ts";

/** Alerts of the list as CSV, UTF-8 with a byte order mark, since spreadsheets guess otherwise. Texts are cut as in the list. */
export function listCsv(list: AlertList, alerts: readonly ListedAlert[]): Blob {
  const columns = {
    time: (alert) => alert.time ?? "",
    severity: (alert) => alert.severity,
    host: (alert) => alert.host,
    rule: (alert) => alert.rule,
    name: (alert) => list.rules.get(alert.rule)?.name ?? alert.rule,
    title: (alert) => alert.title,
    who: (alert) => alert.who,
    what: (alert) => alert.what,
    place: (alert) => alert.place,
    id: (alert) => alert.id,
    incident: (alert) => String(alert.incident + 1),
    act: (alert) => list.incidents[alert.incident]?.acts[alert.act]?.title ?? "",
  } as const satisfies Record<string, (alert: ListedAlert) => string>;
  const lines = alerts.map((alert) => csvLine(Object.values(columns).map((read) => visible(read(alert)))));
  return new Blob(["\uFEFF", csvLine(Object.keys(columns)), ...lines], { type: "text/csv" });
}
