import { h, replace } from "../dom.ts";
import type { AlertDetail, AlertRow, ExportFormat, HuntSummary, IncidentRow } from "../protocol.ts";
import { count, logText, plural, timeText } from "../text.ts";
import { alertDetail } from "./alert-detail.ts";
import { alertFilters, NO_FILTER, passes, type AlertFilter } from "./filters.ts";
import { scroller, severityMark } from "./parts.ts";
import { timeline } from "./timeline.ts";

/** What is put into the page at a time; a button brings more. */
const INCIDENTS_AT_ONCE = 20;
const STEPS_AT_ONCE = 100;

export interface AlertsPanelOptions {
  readonly detail: (id: string) => Promise<AlertDetail | null>;
  readonly onExport: (format: ExportFormat, ids: readonly string[] | null) => void;
  readonly onTune: (row: AlertRow, detail: AlertDetail) => void;
}

/** The alerts of a hunt as incidents, with filters, a timeline and exports. */
export class AlertsPanel {
  readonly element = h("div", { class: "alerts-panel" });
  readonly #options: AlertsPanelOptions;
  readonly #list = h("div", { class: "incident-list" });
  readonly #picture = h("div", { class: "timeline-box", tabindex: 0, role: "region", "aria-label": "Timeline" });
  readonly #shownLine = h("p", { class: "soft", role: "status" });
  #summary: HuntSummary | null = null;
  #rows: ReadonlyMap<string, AlertRow> = new Map();
  #filter: AlertFilter = NO_FILTER;

  constructor(options: AlertsPanelOptions) {
    this.#options = options;
  }

  show(summary: HuntSummary): void {
    this.#summary = summary;
    this.#rows = new Map(summary.alerts.map((row) => [row.id, row]));
    this.#filter = NO_FILTER;
    if (summary.alerts.length === 0) {
      replace(
        this.element,
        h("p", { class: "notice" }, `No alerts in ${plural(summary.events, "event")}.`),
        summary.blind.length > 0 && h("p", {}, `${plural(summary.blind.length, "rule")} could not see anything: What was read tells why.`),
      );
      return;
    }
    const exports = (["ndjson", "csv", "html"] as const).map((format) =>
      h("button", { type: "button", class: "quiet", onclick: () => this.#export(format) }, EXPORTS[format]),
    );
    replace(
      this.element,
      this.#picture,
      alertFilters(summary.alerts, (filter) => {
        this.#filter = filter;
        this.#draw();
      }),
      h("div", { class: "row between" }, this.#shownLine, h("div", { class: "row" }, h("span", { class: "soft" }, "Export:"), exports)),
      this.#list,
    );
    this.#draw();
  }

  #export(format: ExportFormat): void {
    const summary = this.#summary!;
    const shown = summary.alerts.filter((row) => passes(row, this.#filter));
    this.#options.onExport(format, shown.length === summary.alerts.length ? null : shown.map((row) => row.id));
  }

  #draw(): void {
    const summary = this.#summary!;
    const shown = new Set(summary.alerts.filter((row) => passes(row, this.#filter)).map((row) => row.id));
    const incidents = summary.incidents.filter((i) => i.steps.some((s) => shown.has(s.alert) || s.repeats.some((r) => shown.has(r))));
    this.#shownLine.textContent = `${count(shown.size)} of ${plural(summary.alerts.length, "alert")} in ${plural(incidents.length, "incident")}${
      summary.alertsNotKept > 0 ? `; ${count(summary.alertsNotKept)} more were counted and not kept` : ""
    }`;
    replace(this.#picture, timeline(summary.alerts.filter((row) => shown.has(row.id))));
    replace(this.#list);
    const numbers = new Map(summary.incidents.map((incident, i) => [incident.id, i + 1]));
    more(this.#list, incidents, INCIDENTS_AT_ONCE, "incident", (incident) => this.#incident(incident, numbers.get(incident.id)!, shown));
  }

  #incident(incident: IncidentRow, number: number, shown: ReadonlySet<string>): HTMLElement {
    const body = h("tbody");
    const steps = incident.steps.filter((s) => shown.has(s.alert) || s.repeats.some((r) => shown.has(r)));
    const span = incident.first === incident.last ? timeText(incident.first) : `${timeText(incident.first)} to ${timeText(incident.last)}`;
    const entities = [...incident.hosts, ...incident.users, ...incident.addresses].slice(0, 12);
    const section = h(
      "section",
      { class: "incident", "aria-label": `Incident ${number}` },
      h("h4", {}, `Incident ${number} `, severityMark(incident.severity), " ", h("span", { class: "soft when" }, logText(span, 120))),
      h(
        "p",
        { class: "entities" },
        entities.map((entity) => [h("span", { class: "tag" }, logText(entity, 120)), " "]),
      ),
      scroller(
        `Alerts of incident ${number}`,
        h(
          "table",
          {},
          h(
            "thead",
            {},
            h(
              "tr",
              {},
              ["Time", "Severity", "Rule", "Host", "Who", "What"].map((title) => h("th", { scope: "col" }, title)),
            ),
          ),
          body,
        ),
      ),
    );
    more(body, steps, STEPS_AT_ONCE, "alert", (step) => this.#step(step));
    return section;
  }

  #step({ alert, repeats }: IncidentRow["steps"][number]): Node {
    const row = this.#rows.get(alert)!;
    const open = h(
      "button",
      { type: "button", class: "expand", "aria-expanded": "false" },
      logText(row.rule.slice(row.rule.lastIndexOf("/") + 1), 40),
      " ",
      logText(row.title, 160),
      repeats.length > 0 && ` (×${count(repeats.length + 1)})`,
    );
    const line = h(
      "tr",
      { class: "alert-row" },
      h("td", { class: "time" }, logText(timeText(row.time), 60)),
      h("td", {}, severityMark(row.severity)),
      h("td", { class: "rule" }, open),
      h("td", { class: "entity" }, logText(row.host, 60)),
      h("td", { class: "entity" }, logText(row.who, 60)),
      h("td", { class: "what" }, h("code", {}, logText(row.what, 240))),
    );
    const cell = h("td", { colspan: 6 });
    const below = h("tr", { class: "detail-row", hidden: true }, cell);
    open.addEventListener("click", () => {
      below.hidden = !below.hidden;
      open.setAttribute("aria-expanded", String(!below.hidden));
      if (below.hidden || cell.hasChildNodes()) return;
      cell.append(h("p", { class: "soft" }, "…"));
      void this.#options.detail(alert).then(
        (detail) =>
          replace(
            cell,
            detail === null
              ? h("p", {}, "This alert is no longer kept: another hunt has begun.")
              : alertDetail(detail, () => this.#options.onTune(row, detail)),
          ),
        (error: unknown) => replace(cell, h("p", { class: "notice" }, String(error))),
      );
    });
    const both = document.createDocumentFragment();
    both.append(line, below);
    return both;
  }
}

const EXPORTS = { ndjson: "NDJSON", csv: "CSV", html: "HTML report" } as const satisfies Record<ExportFormat, string>;

/** Puts the first items in, and a button for the next ones behind them. */
function more<T>(into: HTMLElement, items: readonly T[], at: number, noun: string, make: (item: T) => Node): void {
  for (const item of items.slice(0, at)) into.append(make(item));
  const rest = items.slice(at);
  if (rest.length === 0) return;
  const button = h("button", { type: "button" }, `Show ${plural(Math.min(at, rest.length), `more ${noun}`)} (${count(rest.length)} left)`);
  const holder = into instanceof HTMLTableSectionElement ? h("tr", {}, h("td", { colspan: 6 }, button)) : h("p", {}, button);
  button.addEventListener("click", () => {
    holder.remove();
    more(into, rest, at, noun, make);
  });
  into.append(holder);
}
