import {
  ALERT_LIMITS,
  alertEvidence,
  alertList,
  alertView,
  blindViews,
  boundedConcerned,
  cut,
  gapFacts,
  readFacts,
  ruleViews,
  type AlertEvidence,
  type AlertView,
} from "../../report/index.ts";
import { whereText, type Alert, type Detection, type HuntResult, type InputSummary } from "../../workbench/index.ts";
import type { HuntSummary } from "../protocol.ts";

/** A hunt without its events: what the page's tables need. */
export function summaryOf(result: HuntResult, input: InputSummary, packages: readonly Detection[], ms: number): HuntSummary {
  return {
    input: { ...input, problems: input.problems.map((problem) => ({ ...problem, place: whereText(problem.place) })) },
    ms,
    events: result.events,
    facts: [...readFacts(result, input), ...gapFacts(result, input)],
    list: alertList(result),
    suppressed: result.excepted.length,
    unmapped: result.unmapped.reduce((sum, { count }) => sum + count, 0),
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

export function detailOf(alert: Alert): AlertEvidence {
  const evidence = alertEvidence(alert);
  return { ...evidence, concerned: evidence.concerned.map(boundedConcerned) };
}
