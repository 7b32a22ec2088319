/** The alerts of a hunt: what happened, sought, grouped, opened and exported. The same on the page of alerts and in the bench. */
import type { TimeZone } from "../../../workbench/index.ts";
import {
  actTitle,
  count,
  plural,
  timeText,
  WORDS,
  type ActSummary,
  type AlertEvidence,
  type AlertList,
  type LaneAct,
  type ListedAlert,
  type ListedIncident,
} from "../../../report/index.ts";
import { h, replace } from "../../dom.ts";
import { logText } from "../../log-text.ts";
import { alertDetail } from "../alert-detail.ts";
import { severityMark } from "../parts.ts";
import { filterBar, type FilterBar } from "./filters.ts";
import type { GuideLink } from "./guide.ts";
import { lanes } from "./lanes.ts";
import { histogram, topList } from "./overview.ts";
import { passing, rowsOf, SearchTexts, shownText, topsOf, type Row } from "./rows.ts";
import { isFiltered, NO_CHOICE, queryOf, type PanelState } from "./state.ts";
import { actStory, incidentStory } from "./story.ts";
import { Tree, type TreeItem } from "./tree.ts";

export interface AlertsPanelOptions<E extends AlertEvidence> {
  readonly zone: TimeZone;
  /** What stands behind an alert; null where it is no longer kept. */
  readonly detail: (id: string) => Promise<E | null>;
  /** Exports, by their titles. @param ids null for all alerts. */
  readonly exports: readonly { readonly title: string; readonly run: (ids: readonly string[] | null) => void }[];
  /** Where the guide and the playbook of an alert's detection are, with its host, user and source filled in. */
  readonly guide: (alert: ListedAlert, act: ActSummary | null) => GuideLink[];
  /** Null where no exception can be tried out. */
  readonly onTune: ((alert: ListedAlert, evidence: E) => void) | null;
  /** Called with the choices as the query of an address; null where none may hold them. */
  readonly onAddress: ((query: string) => void) | null;
}

type Item = TreeItem & { readonly row: Row };

const MAX_TOPS = 5;
/** Hosts with a lane of their own, at first and when more are asked for. */
const FEW_HOSTS = 10;
const MANY_HOSTS = 200;
/** A smaller picture would have no room for words; it scrolls. */
const LEAST_WIDTH = 620;
/** Milliseconds; while somebody types, pictures wait. */
const PICTURES_AFTER = 150;

export class AlertsPanel<E extends AlertEvidence> {
  readonly element = h("div", { class: "alerts-panel" });
  readonly #options: AlertsPanelOptions<E>;
  readonly #shownLine = h("p", { class: "soft", role: "status" });
  readonly #pictures = h("div", { class: "alert-pictures" });
  readonly #lanesPart = h("section", { class: "lanes-part", "aria-label": "What happened between hosts" });
  readonly #detail = h("section", { class: "alert-pane", "aria-label": "Details", hidden: true });
  readonly #panes = h("div", { class: "alert-panes" });
  readonly #tree: Tree<Item>;
  #filters: FilterBar | null = null;
  #list: AlertList | null = null;
  #texts: SearchTexts | null = null;
  #state: PanelState = NO_CHOICE;
  #shown: readonly ListedAlert[] = [];
  #toggled = new Set<string>();
  #hosts = FEW_HOSTS;
  #pictured: ReturnType<typeof setTimeout> | undefined;

  constructor(options: AlertsPanelOptions<E>) {
    this.#options = options;
    this.#tree = new Tree<Item>({
      label: "Alerts",
      render: ({ row }) => this.#line(row),
      onOpen: ({ row, isOpen }) => {
        if (row.kind === "group" && row.incident === null) this.#toggle(row.key, !(isOpen ?? false));
        else this.#choose({ open: row.key });
      },
      onToggle: ({ row }, open) => this.#toggle(row.key, open),
      onMark: ({ row }) => this.#mark(row.kind === "alert" ? [row.alert] : row.alerts),
      onKey: (key) => {
        if (key === "e") this.#options.exports[0]?.run(this.#exported());
        else this.#choose({ open: null });
      },
    });
  }

  /** @param state what is chosen to begin with. */
  show(list: AlertList, state: PanelState = NO_CHOICE): void {
    this.#list = list;
    this.#texts = new SearchTexts(list);
    this.#texts.prepare();
    this.#state = state;
    this.#toggled = new Set();
    if (list.alerts.length === 0) {
      replace(this.element, h("p", { class: "notice" }, `${WORDS.noAlerts}.`));
      return;
    }
    this.#filters = filterBar(list, this.#options.zone, (change) => this.#choose(change));
    replace(
      this.#panes,
      h(
        "div",
        { class: "alert-list" },
        this.#tree.element,
        h("p", { class: "soft keys" }, "J and K move, Enter opens, X marks, E exports what is marked or shown, Escape closes."),
      ),
      this.#detail,
    );
    // A small screen shows the list first.
    const open = !(typeof matchMedia === "function" && matchMedia("(max-width: 40rem)").matches);
    replace(
      this.element,
      h("details", { class: "fold-part", open }, h("summary", {}, "Over time, and what has the most"), this.#pictures),
      this.#lanesPart,
      h("details", { class: "fold-part", open }, h("summary", {}, "Filter, group and sort"), this.#filters.element),
      h(
        "div",
        { class: "row between" },
        this.#shownLine,
        h(
          "div",
          { class: "row" },
          h(
            "button",
            {
              type: "button",
              class: "quiet",
              onclick: () => this.#choose({ ...NO_CHOICE, group: this.#state.group, open: this.#state.open, marked: this.#state.marked }),
            },
            "Show all",
          ),
          h("span", { class: "soft" }, "Export:"),
          this.#options.exports.map(({ title, run }) =>
            h("button", { type: "button", class: "quiet", onclick: () => run(this.#exported()) }, title),
          ),
        ),
      ),
      this.#panes,
    );
    this.#draw();
    this.#drawDetail();
  }

  /** Called when the panel is in the page, whose width its pictures need, and what is open is brought into sight. */
  placed(): void {
    if (this.#list === null || this.#list.alerts.length === 0) return;
    this.#drawList();
    if (this.#state.open !== null) this.#tree.moveTo(this.#state.open);
  }

  #choose(change: Partial<PanelState>): void {
    const before = this.#state;
    this.#state = { ...before, ...change };
    this.#options.onAddress?.(queryOf(this.#state));
    if (change.open === undefined || Object.keys(change).length > 1) this.#draw();
    else this.#drawList();
    if (this.#state.open !== before.open) {
      this.#drawDetail();
      if (this.#state.open !== null) this.#tree.moveTo(this.#state.open);
      // Below the list, where there is no room beside it.
      if (this.#state.open !== null && this.#detail.offsetTop > this.#tree.element.offsetTop + 8)
        this.#detail.scrollIntoView({ block: "start" });
    }
  }

  #toggle(key: string, open: boolean): void {
    const usual = key.startsWith("incident:");
    if (open === usual) this.#toggled.delete(key);
    else this.#toggled.add(key);
    this.#drawList();
  }

  #mark(alerts: readonly ListedAlert[]): void {
    const marked = new Set(this.#state.marked);
    const isAll = alerts.every(({ id }) => marked.has(id));
    for (const { id } of alerts) {
      if (isAll) marked.delete(id);
      else marked.add(id);
    }
    this.#state = { ...this.#state, marked };
    this.#options.onAddress?.(queryOf(this.#state));
    this.#drawList();
  }

  /** What is marked, else what is shown; null stands for all. */
  #exported(): string[] | null {
    if (this.#state.marked.size > 0) return [...this.#state.marked];
    return isFiltered(this.#state) ? this.#shown.map(({ id }) => id) : null;
  }

  #draw(): void {
    this.#shown = passing(this.#list!, this.#state, this.#texts!);
    this.#filters!.show(this.#state);
    this.#drawList();
    this.#drawPicturesSoon();
  }

  /** The list answers at once; the pictures follow when nothing was changed for a moment. */
  #drawPicturesSoon(): void {
    clearTimeout(this.#pictured);
    this.#pictured = setTimeout(() => this.#drawPictures(), this.#pictured === undefined ? 0 : PICTURES_AFTER);
  }

  #drawList(): void {
    const { marked, open } = this.#state;
    const rows = rowsOf(this.#list!, this.#shown, this.#state, this.#toggled);
    const items = rows.map((row): Item => ({
      key: row.key,
      level: row.level,
      isOpen: row.kind === "alert" ? null : row.isOpen,
      isMarked: marked.size > 0 && (row.kind === "alert" ? marked.has(row.alert.id) : row.alerts.every(({ id }) => marked.has(id))),
      row,
    }));
    this.#tree.show(items, open);
    this.#shownLine.textContent = shownText(this.#list!, this.#shown, marked.size);
  }

  #drawPictures(): void {
    const list = this.#list!;
    const { zone } = this.#options;
    const brush = (from: number, until: number): void => this.#choose({ from: Math.floor(from), until: Math.ceil(until) });
    // A chosen stretch of time stays within sight of what is around it.
    const anyTime = passing(list, this.#state, this.#texts!, true);
    replace(
      this.#pictures,
      histogram(anyTime, zone, brush),
      topList("Top hosts", topsOf(list, this.#shown, "host", MAX_TOPS), this.#state.host, (host) => this.#choose({ host })),
      topList("Top accounts", topsOf(list, this.#shown, "account", MAX_TOPS), this.#state.account, (account) => this.#choose({ account })),
      topList("Top rules", topsOf(list, this.#shown, "rule", MAX_TOPS), this.#state.rule, (rule) => this.#choose({ rule })),
    );
    const acts = this.#laneActs();
    const width = Math.max(LEAST_WIDTH, Math.min(1400, (this.element.clientWidth || 1000) - 2));
    const hosts = new Set(acts.flatMap(({ from, to }) => [from, to].filter((host) => host !== ""))).size;
    const more = hosts > FEW_HOSTS + 1;
    replace(
      this.#lanesPart,
      h(
        "p",
        { class: "overview-title" },
        `What happened between hosts (${zone.name}): ${plural(acts.length, "act")}, marked with the number of the ${this.#openIncident() === null ? "incident" : "act"}`,
      ),
      lanes(acts, {
        width,
        maxHosts: this.#hosts,
        zone,
        onAct: (ids) => this.#openAct(ids[0]!),
        onBrush: brush,
      }),
      more &&
        h(
          "button",
          {
            type: "button",
            class: "quiet",
            "aria-pressed": String(this.#hosts === MANY_HOSTS),
            onclick: () => {
              this.#hosts = this.#hosts === FEW_HOSTS ? MANY_HOSTS : FEW_HOSTS;
              this.#drawPictures();
            },
          },
          this.#hosts === FEW_HOSTS ? `A lane for each of ${count(Math.min(hosts, MANY_HOSTS))} hosts` : "Only the hosts that matter most",
        ),
    );
  }

  /** The acts with alerts that are shown; those of the incident alone that is open. */
  #laneActs(): LaneAct[] {
    const list = this.#list!;
    const only = this.#openIncident();
    const seen = new Set<ActSummary>();
    const acts: LaneAct[] = [];
    for (const { incident: at, act: actAt } of this.#shown) {
      const incident = list.incidents[at];
      const act = incident?.acts[actAt];
      if (incident === undefined || act === undefined || seen.has(act) || (only !== null && incident !== only)) continue;
      seen.add(act);
      acts.push({ ...act, mark: String(only === null ? incident.number : act.number) });
    }
    return acts;
  }

  #openIncident(): ListedIncident | null {
    const { open } = this.#state;
    if (open === null) return null;
    const [kind, id = ""] = open.split(":", 2);
    const { incidents, alerts } = this.#list!;
    if (kind === "incident") return incidents.find((incident) => incident.id === id) ?? null;
    if (kind === "act") return incidents.find(({ acts }) => acts.some((act) => act.id === id)) ?? null;
    const alert = alerts.find((one) => one.id === id);
    return alert === undefined ? null : (incidents[alert.incident] ?? null);
  }

  #openAct(id: string): void {
    // The list shows the act only in its incident.
    this.#choose({ open: `act:${id}`, ...(this.#state.group === "incident" ? {} : { group: "incident" }) });
  }

  #drawDetail(): void {
    const { open } = this.#state;
    const incident = this.#openIncident();
    const [kind, id = ""] = (open ?? "").split(":", 2);
    const alert = kind === "alert" ? this.#list!.alerts.find((one) => one.id === id) : undefined;
    const act = kind === "act" ? incident?.acts.find((one) => one.id === id) : undefined;
    const isShown = alert !== undefined || act !== undefined || (kind === "incident" && incident !== null);
    this.#detail.hidden = !isShown;
    this.#panes.classList.toggle("has-pane", isShown);
    if (!isShown) {
      this.#drawPicturesSoon();
      return;
    }
    const options = {
      zone: this.#options.zone,
      onAct: ({ id: of }: ActSummary) => this.#openAct(of),
      onAlert: ({ id: of }: ListedAlert) => {
        const at = incident?.acts.find((one) => one.id === act?.id);
        if (at !== undefined) this.#toggled.add(`act:${at.id}`);
        this.#choose({ open: `alert:${of}` });
      },
      onIncident: ({ id: of }: ListedIncident) => this.#choose({ open: `incident:${of}` }),
    };
    const body = h("div", {});
    const head = alert?.title ?? (act === undefined ? incident!.title : actTitle(act));
    const severity = alert?.severity ?? act?.severity ?? incident!.severity;
    replace(
      this.#detail,
      h(
        "div",
        { class: "pane-head" },
        h(
          "h4",
          {},
          severityMark(severity),
          " ",
          logText(alert === undefined || alert.ruleId === "" ? head : `${alert.ruleId} ${head}`, 300),
        ),
        h("button", { type: "button", class: "quiet", onclick: () => this.#choose({ open: null }) }, "Close"),
      ),
      body,
    );
    if (alert !== undefined) this.#drawAlert(body, alert, incident);
    else if (act !== undefined) {
      const at = incident!.acts.indexOf(act);
      const place = this.#list!.incidents.indexOf(incident!);
      replace(
        body,
        actStory(
          act,
          incident!,
          this.#shown.filter((one) => one.incident === place && one.act === at),
          options,
        ),
      );
    } else replace(body, incidentStory(incident!, options));
    this.#drawPicturesSoon();
  }

  #drawAlert(body: HTMLElement, alert: ListedAlert, incident: ListedIncident | null): void {
    const act = incident?.acts[alert.act];
    const evidence = h("div", {}, h("p", { class: "soft" }, "…"));
    const guide = this.#options.guide(alert, act ?? null);
    replace(
      body,
      h(
        "p",
        { class: "soft" },
        logText(timeText(alert.time, this.#options.zone), 40),
        ` ${this.#options.zone.name} `,
        logText(alert.host),
        alert.who !== "" && [", ", logText(alert.who)],
      ),
      alert.what !== "" && h("p", {}, h("code", {}, logText(alert.what))),
      act !== undefined &&
        h(
          "p",
          {},
          "Part of ",
          h("button", { type: "button", class: "link", onclick: () => this.#openAct(act.id) }, logText(actTitle(act), 300)),
        ),
      guide.length > 0 &&
        h(
          "p",
          { class: "row" },
          guide.map(({ title, href }) => h("a", { href }, title)),
        ),
      evidence,
    );
    void this.#drawEvidence(evidence, alert);
  }

  async #drawEvidence(into: HTMLElement, alert: ListedAlert): Promise<void> {
    const { open } = this.#state;
    const { detail, onTune } = this.#options;
    let shown: HTMLElement;
    try {
      const found = await detail(alert.id);
      shown =
        found === null
          ? h("p", {}, "This alert is no longer kept: another hunt has begun.")
          : alertDetail(found, onTune === null ? null : () => onTune(alert, found));
    } catch (error) {
      shown = h("p", { class: "notice" }, error instanceof Error ? error.message : String(error));
    }
    // Another one may have been opened since.
    if (this.#state.open === open) replace(into, shown);
  }

  #line(row: Row): { readonly class: string; readonly cells: readonly Node[] } {
    const { zone } = this.#options;
    if (row.kind === "group") {
      const { title, note, severity, incident } = row;
      const name = incident === null ? "" : `${incident.name}: `;
      return {
        class: "group",
        cells: [
          severityMark(severity),
          h("span", { class: "line-title" }, h("b", {}, logText(`${name}${title}`, 300))),
          h("span", { class: "line-note" }, note),
        ],
      };
    }
    if (row.kind === "act") {
      const { act, alerts } = row;
      return {
        class: act.apart === null ? "act" : "act apart",
        cells: [
          severityMark(act.severity),
          h("span", { class: "line-time" }, logText(timeText(act.first, zone), 40)),
          h("span", { class: "line-title" }, `${act.number}. `, logText(actTitle(act), 300)),
          h("span", { class: "line-note" }, act.apart === null ? "" : "set apart, ", plural(alerts.length, "alert")),
        ],
      };
    }
    const { alert } = row;
    return {
      class: "alert",
      cells: [
        severityMark(alert.severity),
        h("span", { class: "line-time" }, logText(timeText(alert.time, zone), 40)),
        h("span", { class: "line-host" }, logText(alert.host, 200)),
        h("span", { class: "line-title" }, logText(alert.ruleId === "" ? alert.title : `${alert.ruleId} ${alert.title}`, 400)),
        h("span", { class: "line-who" }, logText(alert.who, 200)),
        h("span", { class: "line-what" }, logText(alert.what, 300)),
      ],
    };
  }
}
