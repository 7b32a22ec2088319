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
import { whereText, type Alert, type Detection, type HuntResult, type InputSummary } from "../../workbench/index.ts";
import type { AlertAnswer, HuntSummary } from "../protocol.ts";
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
    unmapped: result.unmapped.reduce((sum, { count }) => sum + count, 0),
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
  };
}
