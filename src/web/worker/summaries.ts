import {
  ALERT_LIMITS,
  alertDetail,
  alertView,
  blindViews,
  cut,
  gapFacts,
  incidentViews,
  readFacts,
  ruleViews,
  type AlertView,
  type Concerned,
} from "../../report/index.ts";
import { textAt, visible, whereText, type Alert, type Detection, type HuntResult, type InputSummary } from "../../workbench/index.ts";
import type { AlertAnswer, FieldValueText, HuntSummary } from "../protocol.ts";
import { eventDetail } from "./event-view.ts";

/** Hosts, accounts or addresses of an incident or an alert. */
const MAX_CONCERNED = 50;

/** A hunt without its events: what the page's tables need. */
export function summaryOf(result: HuntResult, input: InputSummary, packages: readonly Detection[], ms: number): HuntSummary {
  const views = new Map(result.alerts.map((alert) => [alert, boundedView(alert)]));
  return {
    input: { ...input, problems: input.problems.map((problem) => ({ ...problem, place: whereText(problem.place) })) },
    ms,
    events: result.events,
    facts: [...readFacts(result, input), ...gapFacts(result, input)],
    alerts: [...views.values()],
    alertsNotKept: result.alertsNotKept,
    suppressed: result.excepted.length,
    incidents: incidentViews(result.incidents, (alert) => views.get(alert) ?? boundedView(alert)).map((incident) => ({
      ...incident,
      concerned: boundedConcerned(incident.concerned),
    })),
    rules: ruleViews(result),
    blind: blindViews(packages, result).whole,
  };
}

/** The line of an alert with long texts cut: tens of thousands of them go to the page. */
export function boundedView(alert: Alert): AlertView {
  const view = alertView(alert);
  return {
    ...view,
    time: view.time === null ? null : cut(view.time, ALERT_LIMITS.time),
    host: cut(view.host, ALERT_LIMITS.host),
    title: cut(view.title, ALERT_LIMITS.title),
    who: cut(view.who, ALERT_LIMITS.who),
    what: cut(view.what, ALERT_LIMITS.what),
    where: view.where.map((place) => (place === null ? null : cut(place, ALERT_LIMITS.where))),
  };
}

function boundedConcerned(concerned: readonly Concerned[]): Concerned[] {
  return concerned.map(({ title, values }) => ({
    title,
    values: values.slice(0, MAX_CONCERNED).map((value) => cut(value, ALERT_LIMITS.host)),
  }));
}

export function detailOf(alert: Alert): AlertAnswer {
  const detail = alertDetail(alert);
  return {
    ...detail,
    concerned: boundedConcerned(detail.concerned),
    events: alert.events.map((observed) => (observed === null ? null : eventDetail(observed))),
    tunable: tunableOf(alert),
  };
}

/** Fields by which exceptions are usually written, in the order in which they are the better choice. */
const TUNABLE = {
  source: ["source.ip", "winlog.event_data.IpAddress", "winlog.event_data.WorkstationName", "host.name"],
  account: ["user.name", "winlog.event_data.SubjectUserName", "winlog.event_data.TargetUserName", "user.domain"],
  artefact: [
    "winlog.event_data.RelativeTargetName",
    "winlog.event_data.ServiceName",
    "winlog.event_data.ImagePath",
    "process.executable",
    "process.command_line",
    "process.parent.executable",
    "file.path",
    "file.name",
    "winlog.event_data.ShareName",
    "process.name",
  ],
} as const satisfies Record<keyof AlertAnswer["tunable"], readonly string[]>;

function tunableOf(alert: Alert): AlertAnswer["tunable"] {
  const pick = (fields: readonly string[]): FieldValueText[] =>
    fields.flatMap((field) => {
      for (const observed of alert.events) {
        const value = observed === null ? undefined : textAt(observed.event, field);
        if (value !== undefined && value !== "-" && value.length <= 1_000 && visible(value) === value) return [{ field, value }];
      }
      return [];
    });
  return { source: pick(TUNABLE.source), account: pick(TUNABLE.account), artefact: pick(TUNABLE.artefact) };
}
