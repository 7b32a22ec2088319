import { clockTime, SEVERITIES, type TimeZone } from "../../../workbench/index.ts";
import { h } from "../../dom.ts";
import { cut, WORDS, type AlertList } from "../../../report/index.ts";
import { visible } from "../../../workbench/index.ts";
import { GROUPINGS, SORTS, type Grouping, type PanelState, type Sort } from "./state.ts";

const GROUP_NAMES = { incident: "Incident", rule: "Rule", host: "Host", account: "Account", none: "Not grouped" } as const satisfies Record<
  Grouping,
  string
>;
const SORT_NAMES = { severity: "Severity", time: "Time", host: "Host", rule: "Rule", account: "Account" } as const satisfies Record<
  Sort,
  string
>;

/** Choices of a list: a fleet's hosts do not fit one; the text filter finds the rest. */
const MAX_CHOICES = 500;
/** A long name does not widen the page. */
const NAME_LENGTH = 60;

export interface FilterBar {
  readonly element: HTMLElement;
  /** Shows what is chosen, however it was. */
  readonly show: (state: PanelState) => void;
}

/** Everything that narrows, groups and sorts; each change is reported at once. */
export function filterBar(list: AlertList, zone: TimeZone, onChange: (change: Partial<PanelState>) => void): FilterBar {
  const text = h("input", { type: "search", placeholder: "in any column", autocomplete: "off", spellcheck: "false" });
  text.addEventListener("input", () => onChange({ text: text.value }));
  const severity = choice(
    [["", "any"], ...SEVERITIES.map((name) => [name, name === "critical" ? name : `${name} and above`] as const)],
    (value) => onChange({ severity: SEVERITIES.find((one) => one === value) ?? null }),
  );
  const rule = names(
    "all rules",
    [...list.rules].map(([key, { name }]) => [key, name === key ? key : `${key} ${name}`]),
    (value) => onChange({ rule: value }),
  );
  const host = names(
    "all hosts",
    distinct(list, "host").map((name) => [name, name === "" ? WORDS.noHost : name]),
    (value) => onChange({ host: value }),
  );
  const account = names(
    "all accounts",
    distinct(list, "who").map((name) => [name, name === "" ? WORDS.noUser : name]),
    (value) => onChange({ account: value }),
  );
  const from = moment("From", zone, (ms) => onChange({ from: ms }));
  const until = moment("Until", zone, (ms) => onChange({ until: ms }));
  const group = choice(
    GROUPINGS.map((name) => [name, GROUP_NAMES[name]] as const),
    (value) => onChange({ group: GROUPINGS.find((one) => one === value)! }),
  );
  const sort = choice(
    SORTS.map((name) => [name, SORT_NAMES[name]] as const),
    (value) => {
      const chosen = SORTS.find((one) => one === value)!;
      onChange({ sort: chosen, descending: chosen === "severity" });
    },
  );
  const direction = h("button", { type: "button", class: "quiet" });
  let descending = true;
  direction.addEventListener("click", () => onChange({ descending: !descending }));
  return {
    element: h(
      "div",
      { class: "alert-filters", role: "group", "aria-label": "Filter, group and sort the alerts" },
      h("label", {}, "Text ", text),
      h("label", {}, "Severity ", severity),
      h("label", {}, "Rule ", rule.element),
      h("label", {}, "Host ", host.element),
      h("label", {}, "Account ", account.element),
      h("label", {}, `From (${zone.name}) `, from.element),
      h("label", {}, `Until (${zone.name}) `, until.element),
      h("label", {}, "Group by ", group),
      h("label", {}, "Sort by ", sort),
      direction,
    ),
    show: (state) => {
      if (text.value !== state.text) text.value = state.text;
      severity.value = state.severity ?? "";
      rule.show(state.rule);
      host.show(state.host);
      account.show(state.account);
      from.show(state.from);
      until.show(state.until);
      group.value = state.group;
      sort.value = state.sort;
      descending = state.descending;
      direction.textContent = descending ? "↓ Descending" : "↑ Ascending";
    },
  };
}

function distinct(list: AlertList, column: "host" | "who"): string[] {
  return [...new Set(list.alerts.map((alert) => alert[column]))].sort().slice(0, MAX_CHOICES);
}

function choice(options: readonly (readonly [value: string, title: string])[], onChange: (value: string) => void): HTMLSelectElement {
  const select = h(
    "select",
    {},
    options.map(([value, title]) => h("option", { value }, title)),
  );
  select.addEventListener("change", () => onChange(select.value));
  return select;
}

interface Names {
  readonly element: HTMLSelectElement;
  readonly show: (name: string | null) => void;
}

/** A name may be anything, also nothing: choices carry a `=` in front. */
function names(all: string, options: readonly (readonly [value: string, title: string])[], onChange: (name: string | null) => void): Names {
  const shown = options.slice(0, MAX_CHOICES).map(([value, title]) => [`=${value}`, visible(cut(title, NAME_LENGTH))] as const);
  const element = choice([["", all], ...shown], (value) => onChange(value === "" ? null : value.slice(1)));
  return {
    element,
    show: (name) => {
      const value = name === null ? "" : `=${name}`;
      if (![...element.options].some((option) => option.value === value))
        element.append(h("option", { value }, visible(cut(name ?? "", NAME_LENGTH))));
      element.value = value;
    },
  };
}

interface Moment {
  readonly element: HTMLInputElement;
  readonly show: (ms: number | null) => void;
}

/** A time by the clocks of the zone. */
function moment(label: string, zone: TimeZone, onChange: (ms: number | null) => void): Moment {
  const element = h("input", { type: "datetime-local", step: "1", "aria-label": `${label} (${zone.name})` });
  element.addEventListener("change", () => {
    const clock = Date.parse(`${element.value}Z`);
    onChange(Number.isNaN(clock) ? null : clock - zone.offsetAt(clock - zone.offsetAt(clock)));
  });
  return {
    element,
    show: (ms) => {
      const value = ms === null ? "" : (clockTime(ms, zone)?.slice(0, 19) ?? "");
      if (element.value !== value) element.value = value;
    },
  };
}
