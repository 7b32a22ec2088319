import { h, replace } from "../dom.ts";
import type { AlertAnswer, ExportFormat, HuntSummary } from "../protocol.ts";
import { ALERT_COLUMNS, count, plural, timeText, WORDS, type AlertView, type IncidentView, type StepView } from "../../report/index.ts";
import { logText } from "../log-text.ts";
import { alertDetail } from "./alert-detail.ts";
import { alertFilters, NO_FILTER, passes, type AlertFilter } from "./filters.ts";
import { scroller, severityMark } from "./parts.ts";
import { timeline } from "./timeline.ts";

/** What is put into the page at a time; a button brings more. */
const INCIDENTS_AT_ONCE = 20;
const STEPS_AT_ONCE = 100;
/** Hosts, accounts and addresses of an incident. */
const MAX_CONCERNED = 12;

export interface AlertsPanelOptions {
  readonly detail: (id: string) => Promise<AlertAnswer | null>;
  readonly onExport: (format: ExportFormat, ids: readonly string[] | null) => void;
  readonly onTune: (row: AlertView, detail: AlertAnswer) => void;
}

/** The alerts of a hunt as incidents, with filters, a timeline and exports. */
export class AlertsPanel {
  readonly element = h("div", { class: "alerts-panel" });
  readonly #options: AlertsPanelOptions;
  readonly #list = h("div", { class: "incident-list" });
  readonly #picture = h("div", { class: "timeline-box", tabindex: 0, role: "region", "aria-label": "Timeline" });
  readonly #shownLine = h("p", { class: "soft", role: "status" });
  #summary: HuntSummary | null = null;
  #filter: AlertFilter = NO_FILTER;

  constructor(options: AlertsPanelOptions) {
    this.#options = options;
  }

  show(summary: HuntSummary): void {
    this.#summary = summary;
    this.#filter = NO_FILTER;
    if (summary.alerts.length === 0) {
      replace(
        this.element,
        h("p", { class: "notice" }, `${WORDS.noAlerts} in ${plural(summary.events, "event")}.`),
        summary.blind.length > 0 && h("p", {}, `${plural(summary.blind.length, "rule")} could not see anything: see "What was read".`),
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
    const shown = summary.alerts.filter((row) => passes(row, this.#filter));
    const ids = new Set(shown.map(({ id }) => id));
    const incidents = summary.incidents.filter(({ steps }) => steps.some((step) => isShown(step, ids)));
    this.#shownLine.textContent = `${count(shown.length)} of ${plural(summary.alerts.length, "alert")} in ${plural(incidents.length, "incident")}${
      summary.alertsNotKept > 0 ? `; ${count(summary.alertsNotKept)} more were counted and not kept` : ""
    }`;
    replace(this.#picture, timeline(shown));
    replace(this.#list);
    more(this.#list, incidents, INCIDENTS_AT_ONCE, "incident", (incident) => this.#incident(incident, ids));
  }

  #incident({ name, number, severity, when, concerned, steps }: IncidentView, shown: ReadonlySet<string>): HTMLElement {
    const body = h("tbody");
    const names = concerned.flatMap(({ values }) => values).slice(0, MAX_CONCERNED);
    const section = h(
      "section",
      { class: "incident", "aria-label": name },
      h("h4", {}, `${name} `, severityMark(severity), " ", h("span", { class: "soft when" }, logText(when, 120))),
      h(
        "p",
        { class: "entities" },
        names.map((text) => [h("span", { class: "tag" }, logText(text)), " "]),
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
              Object.values(ALERT_COLUMNS).map((title) => h("th", { scope: "col" }, title)),
            ),
          ),
          body,
        ),
      ),
    );
    const listed = steps.filter((step) => isShown(step, shown));
    more(body, listed, STEPS_AT_ONCE, "alert", (step) => this.#step(step));
    return section;
  }

  #step({ alert: row, repeats }: StepView): Node {
    const open = h(
      "button",
      { type: "button", class: "expand", "aria-expanded": "false" },
      logText(row.ruleId, 40),
      " ",
      logText(row.title),
      repeats.length > 0 && ` (×${count(repeats.length + 1)})`,
    );
    const line = h(
      "tr",
      { class: "alert-row" },
      h("td", { class: "time" }, logText(timeText(row.time))),
      h("td", {}, severityMark(row.severity)),
      h("td", { class: "entity" }, logText(row.host)),
      h("td", { class: "rule" }, open),
      h("td", { class: "entity" }, logText(row.who)),
      h("td", { class: "what" }, h("code", {}, logText(row.what))),
    );
    const cell = h("td", { colspan: 6 });
    const below = h("tr", { class: "detail-row", hidden: true }, cell);
    open.addEventListener("click", () => {
      below.hidden = !below.hidden;
      open.setAttribute("aria-expanded", String(!below.hidden));
      if (below.hidden || cell.hasChildNodes()) return;
      cell.append(h("p", { class: "soft" }, "…"));
      void this.#options.detail(row.id).then(
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

function isShown({ alert, repeats }: StepView, ids: ReadonlySet<string>): boolean {
  return ids.has(alert.id) || repeats.some(({ id }) => ids.has(id));
}

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
