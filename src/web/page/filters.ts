import { SEVERITIES, visible } from "../../workbench/index.ts";
import { h } from "../dom.ts";
import { cut, WORDS, type AlertView } from "../../report/index.ts";

export interface AlertFilter {
  readonly text: string;
  readonly rule: string;
  readonly host: string;
  readonly severity: string;
}

/** Choices of a list: a fleet's hosts do not fit one; the text filter finds the rest. */
const MAX_CHOICES = 500;

/** Text, rule, host and severity at least; each change is reported at once. */
export function alertFilters(alerts: readonly AlertView[], onChange: (filter: AlertFilter) => void): HTMLElement {
  const unique = (read: (alert: AlertView) => string): string[] => [...new Set(alerts.map(read))].sort().slice(0, MAX_CHOICES);
  const text = h("input", { type: "search", placeholder: "in any column", autocomplete: "off", spellcheck: "false" });
  const rule = choice(
    "all rules",
    unique((a) => a.rule).map((key) => [key, key]),
  );
  const host = choice(
    "all hosts",
    unique((a) => a.host).map((name) => [name, name === "" ? WORDS.noHost : visible(cut(name, NAME_LENGTH))]),
  );
  const severity = choice(
    "any",
    SEVERITIES.map((name) => [name, name === "critical" ? name : `${name} and above`]),
  );
  const report = (): void => onChange({ text: text.value, rule: rule.value, host: host.value, severity: severity.value });
  text.addEventListener("input", report);
  for (const select of [rule, host, severity]) select.addEventListener("change", report);
  return h(
    "div",
    { class: "alert-filters", role: "group", "aria-label": "Filter the alerts" },
    h("label", {}, "Text ", text),
    h("label", {}, "Rule ", rule),
    h("label", {}, "Host ", host),
    h("label", {}, "Severity ", severity),
  );
}

function choice(all: string, options: readonly (readonly [value: string, title: string])[]): HTMLSelectElement {
  return h(
    "select",
    {},
    h("option", { value: ALL }, all),
    options.map(([value, title]) => h("option", { value: `=${value}` }, title)),
  );
}

/** A long name does not widen the page. */
const NAME_LENGTH = 60;

/** A host may be called anything, also nothing: choices carry a `=` in front. */
const ALL = "";

export function passes(alert: AlertView, filter: AlertFilter): boolean {
  if (filter.rule !== ALL && `=${alert.rule}` !== filter.rule) return false;
  if (filter.host !== ALL && `=${alert.host}` !== filter.host) return false;
  if (filter.severity !== ALL) {
    const least = SEVERITIES.findIndex((s) => `=${s}` === filter.severity);
    if (SEVERITIES.indexOf(alert.severity) < least) return false;
  }
  if (filter.text === "") return true;
  const wanted = filter.text.toLowerCase();
  return [alert.title, alert.what, alert.who, alert.host, alert.rule, alert.time ?? ""].some((value) =>
    value.toLowerCase().includes(wanted),
  );
}

export const NO_FILTER: AlertFilter = { text: "", rule: ALL, host: ALL, severity: ALL };
