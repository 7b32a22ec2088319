/** What a reader of the alerts has chosen: filters, order, grouping, what is open and what is marked; and how an address says so. */
import { SEVERITIES, type Severity } from "../../../workbench/index.ts";

export const GROUPINGS = ["incident", "rule", "host", "account", "none"] as const;
export type Grouping = (typeof GROUPINGS)[number];

export const SORTS = ["severity", "time", "host", "rule", "account"] as const;
export type Sort = (typeof SORTS)[number];

export interface PanelState {
  /** Words that all must occur in some column. */
  readonly text: string;
  /** This severity and above; null: any. */
  readonly severity: Severity | null;
  /** Exactly these; null: any. A host may be called anything, also nothing. */
  readonly host: string | null;
  readonly account: string | null;
  readonly rule: string | null;
  /** Milliseconds since 1970, both inclusive; null: no bound. */
  readonly from: number | null;
  readonly until: number | null;
  readonly group: Grouping;
  readonly sort: Sort;
  readonly descending: boolean;
  /** The row that is open: `alert:ID`, `act:ID`, `incident:ID`; null: none. */
  readonly open: string | null;
  /** Ids of alerts. */
  readonly marked: ReadonlySet<string>;
}

export const NO_CHOICE: PanelState = {
  text: "",
  severity: null,
  host: null,
  account: null,
  rule: null,
  from: null,
  until: null,
  group: "incident",
  sort: "severity",
  descending: true,
  open: null,
  marked: new Set(),
};

/** Ids in an address: beyond them it would be too long for some. */
const MAX_MARKED = 50;

/** As the query of an address, without what is as it was: `severity=high&host=SRV01`. */
export function queryOf(state: PanelState): string {
  const query = new URLSearchParams();
  const set = (name: string, value: string | null): void => {
    if (value !== null) query.set(name, value);
  };
  set("q", state.text === "" ? null : state.text);
  set("severity", state.severity);
  set("host", state.host);
  set("account", state.account);
  set("rule", state.rule);
  set("from", state.from === null ? null : instantText(state.from));
  set("until", state.until === null ? null : instantText(state.until));
  set("group", state.group === NO_CHOICE.group ? null : state.group);
  const sort = `${state.descending ? "-" : ""}${state.sort}`;
  set("sort", sort === "-severity" ? null : sort);
  set("open", state.open);
  if (state.marked.size > 0 && state.marked.size <= MAX_MARKED) set("marked", [...state.marked].join(","));
  return query.toString();
}

/** What an address asks for; what makes no sense in it is not asked. */
export function stateOf(query: string): PanelState {
  const read = new URLSearchParams(query);
  const group = read.get("group");
  const sort = read.get("sort") ?? "-severity";
  const marked = (read.get("marked") ?? "").split(",").filter((id) => /^[0-9a-f]{32}$/.test(id));
  const open = read.get("open");
  return {
    text: read.get("q") ?? "",
    severity: SEVERITIES.find((one) => one === read.get("severity")) ?? null,
    host: read.get("host"),
    account: read.get("account"),
    rule: read.get("rule"),
    from: instantOf(read.get("from")),
    until: instantOf(read.get("until")),
    group: GROUPINGS.find((one) => one === group) ?? NO_CHOICE.group,
    sort: SORTS.find((one) => one === sort.replace(/^-/, "")) ?? NO_CHOICE.sort,
    descending: sort.startsWith("-"),
    open: open !== null && /^(?:alert|act|incident):[0-9a-f]{32}$/.test(open) ? open : null,
    marked: new Set(marked),
  };
}

/** Whether some alerts may be left out. */
export function isFiltered({ text, severity, host, account, rule, from, until }: PanelState): boolean {
  return text !== "" || severity !== null || host !== null || account !== null || rule !== null || from !== null || until !== null;
}

function instantText(ms: number): string {
  return new Date(ms).toISOString();
}

function instantOf(text: string | null): number | null {
  if (text === null || !/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text)) return null;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
}
