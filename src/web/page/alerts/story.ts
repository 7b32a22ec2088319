/** An incident or one of its acts in words: what was done, by whom, seen by which rules. */
import type { TimeZone } from "../../../workbench/index.ts";
import { actTitle, plural, timeText, WORDS, type ActSummary, type ListedAlert, type ListedIncident } from "../../../report/index.ts";
import { h } from "../../dom.ts";
import { logText } from "../../log-text.ts";
import { severityMark } from "../parts.ts";

/** Hosts, accounts or addresses of an incident. */
const MAX_CONCERNED = 12;
const MAX_RULES = 30;
/** Acts of an incident and alerts of an act that are listed; the list beside them has all. */
const MAX_ALERTS = 50;
const MAX_ACTS = 100;

export interface StoryOptions {
  readonly zone: TimeZone;
  readonly onAct: (act: ActSummary) => void;
  readonly onAlert: (alert: ListedAlert) => void;
  readonly onIncident: (incident: ListedIncident) => void;
}

export function incidentStory(incident: ListedIncident, options: StoryOptions): Node[] {
  const told = incident.acts.filter(({ apart }) => apart === null);
  const apart = incident.acts.filter((act) => act.apart !== null);
  return [
    h("p", { class: "soft" }, `${incident.name}, `, logText(incident.when, 120)),
    h(
      "dl",
      { class: "facts" },
      incident.concerned.flatMap(({ title, values }) => [
        h("dt", {}, title),
        h(
          "dd",
          {},
          values.slice(0, MAX_CONCERNED).map((value, i) => [i === 0 ? "" : ", ", logText(value)]),
          values.length > MAX_CONCERNED && ` and ${plural(values.length - MAX_CONCERNED, "more", "more")}`,
        ),
      ]),
    ),
    actList(told, options),
    ...(apart.length === 0 ? [] : [h("h5", {}, WORDS.apart), actList(apart, options)]),
  ];
}

function actList(acts: readonly ActSummary[], { zone, onAct }: StoryOptions): HTMLElement {
  return h(
    "ol",
    { class: "act-list" },
    acts
      .slice(0, MAX_ACTS)
      .map((act) =>
        h(
          "li",
          { value: act.number },
          h("p", {}, h("span", { class: "time" }, logText(timeText(act.first, zone), 40)), " ", severityMark(act.severity)),
          h("button", { type: "button", class: "act-title", onclick: () => onAct(act) }, logText(actTitle(act), 300)),
          act.apart !== null && h("p", { class: "soft" }, logText(act.apart, 400)),
          deedList(act, 3),
        ),
      ),
    acts.length > MAX_ACTS && h("li", { class: "soft" }, `and ${plural(acts.length - MAX_ACTS, "more", "more")}, in the list`),
  );
}

export function actStory(act: ActSummary, incident: ListedIncident, alerts: readonly ListedAlert[], options: StoryOptions): Node[] {
  const { zone, onAlert, onIncident } = options;
  const rules = act.rules
    .slice(0, MAX_RULES)
    .map(({ id, name, severity, alerts: n }) =>
      h("li", {}, severityMark(severity), " ", logText(`${id === "" ? "" : `${id} `}${name}`, 300), ` (${plural(n, "alert")})`),
    );
  return [
    h(
      "p",
      { class: "soft" },
      logText(timeText(act.first, zone), 40),
      act.last === act.first ? "" : [" to ", logText(timeText(act.last, zone), 40)],
      ` ${zone.name}, act ${act.number} of `,
      h("button", { type: "button", class: "link", onclick: () => onIncident(incident) }, incident.name),
    ),
    ...(act.apart === null ? [] : [h("p", { class: "notice" }, `${WORDS.apart}. `, logText(act.apart, 400))]),
    h("h5", {}, "What was done"),
    deedList(act, act.deeds.length),
    h("h5", {}, `Seen by ${plural(act.rules.length, "rule")}`),
    h(
      "ul",
      { class: "act-rules" },
      rules,
      act.rules.length > MAX_RULES && h("li", { class: "soft" }, `and ${plural(act.rules.length - MAX_RULES, "more", "more")}`),
    ),
    h("h5", {}, plural(alerts.length, "alert")),
    h(
      "ul",
      { class: "act-alerts" },
      alerts
        .slice(0, MAX_ALERTS)
        .map((alert) =>
          h(
            "li",
            {},
            h(
              "button",
              { type: "button", class: "link", onclick: () => onAlert(alert) },
              logText(timeText(alert.time, zone), 40),
              " ",
              logText(alert.ruleId, 40),
              " ",
              logText(alert.title),
            ),
          ),
        ),
      alerts.length > MAX_ALERTS && h("li", { class: "soft" }, `and ${plural(alerts.length - MAX_ALERTS, "more", "more")}, in the list`),
    ),
  ];
}

function deedList({ deeds, moreDeeds }: ActSummary, most: number): HTMLElement {
  const more = deeds.length - Math.min(most, deeds.length) + moreDeeds;
  return h(
    "ul",
    { class: "deeds" },
    deeds.slice(0, most).map((deed) => h("li", {}, logText(deed))),
    more > 0 && h("li", { class: "soft" }, `and ${plural(more, "thing")} more`),
  );
}
