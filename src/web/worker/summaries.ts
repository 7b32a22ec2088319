import {
  blindRules,
  explainAlert,
  ruleText,
  textAt,
  visible,
  type Alert,
  type AlertExplanation,
  type Detection,
  type ExplainNode,
  type FilterExplanation,
  type HuntResult,
  type Incident,
} from "../../workbench/index.ts";
import type { AlertDetail, AlertRow, FieldValueText, HuntSummary, IncidentRow, InputReport, WhyNode, WhyStage } from "../protocol.ts";
import { cut } from "../text.ts";
import { eventView, jsonText } from "./event-view.ts";

const MAX_CELL = 600;
const MAX_KINDS = 200;

/** A hunt without its events: what the page's tables need. */
export function summaryOf(result: HuntResult, input: InputReport, packages: readonly Detection[], ms: number): HuntSummary {
  return {
    input,
    ms,
    events: result.events,
    firstEvent: result.firstEvent,
    lastEvent: result.lastEvent,
    sources: result.sources,
    alerts: result.alerts.map(rowOf),
    alertsNotKept: result.alertsNotKept,
    excepted: result.excepted.length,
    incidents: result.incidents.map(incidentOf),
    rules: result.rules.map(({ rule, matched, alerts }) => ({
      key: rule.key,
      name: rule.name,
      severity: rule.severity,
      matched,
      alerts,
    })),
    unmapped: result.unmapped.slice(0, MAX_KINDS).map((u) => ({ ...u, provider: cut(u.provider, 200), code: cut(u.code, 100) })),
    losses: { ...result.losses },
    blind: blindRules(packages, result)
      .filter((rule) => rule.blind === "whole")
      .map(({ key, name, missing }) => ({ key, name, needs: missing.map((m) => `${m.source} ${m.events.join(", ")}`.trim()).join("; ") })),
  };
}

export function rowOf(alert: Alert): AlertRow {
  const { id, time, ms, rule } = alert;
  return {
    id,
    time: time === null ? null : cut(time, 100),
    ms,
    host: cut(alert.host, 200),
    severity: rule.severity,
    rule: rule.key,
    title: cut(alert.title, MAX_CELL),
    who: cut(alert.who, 200),
    what: cut(alert.what, MAX_CELL),
  };
}

function incidentOf(incident: Incident): IncidentRow {
  const few = (values: readonly string[]): string[] => values.slice(0, 50).map((value) => cut(value, 200));
  return {
    id: incident.id,
    severity: incident.severity,
    first: incident.first.time,
    last: incident.last.time,
    hosts: few(incident.hosts),
    users: few(incident.users),
    addresses: few(incident.addresses),
    steps: incident.steps.map(({ alert, repeats }) => ({ alert: alert.id, repeats: repeats.map((r) => r.id) })),
  };
}

export function detailOf(alert: Alert): AlertDetail {
  const explained = explainAlert(alert);
  return {
    id: alert.id,
    description: alert.rule.description,
    query: ruleText(alert.rule),
    why: explained === null ? null : stagesOf(explained),
    events: alert.events.map((observed) => (observed === null ? null : eventView(observed))),
    entities: alert.entities,
    tunable: tunableOf(alert),
  };
}

function stagesOf({ explanation, stages }: AlertExplanation): WhyStage[] {
  if (explanation.kind === "event") return [{ title: null, nodes: filterNodes(explanation.explanation) }];
  return stages.map(({ number, text, event, filter }) => ({
    title: `Stage ${number}: ${text}`,
    nodes:
      event === null || filter === null
        ? [{ text: "no such event, as the rule wants", truth: "true", seen: "", children: [] }]
        : [{ text: `event ${event + 1}`, truth: "true", seen: "", children: filterNodes(filter) }],
  }));
}

function filterNodes(filter: FilterExplanation): WhyNode[] {
  const { category } = filter;
  const head: WhyNode[] =
    category === null
      ? []
      : [
          {
            text: `event.category is ${category.wanted}`,
            truth: category.holds ? "true" : "false",
            seen: String(category.seen ?? "nothing"),
            children: [],
          },
        ];
  return [...head, nodeOf(filter.condition)];
}

const JOINED = { and: "all of", or: "any of", not: "not" } as const;

function nodeOf(node: ExplainNode): WhyNode {
  return {
    text: node.op === "is" ? cut(node.text, MAX_CELL) : JOINED[node.op],
    truth: node.truth,
    seen: node.seen.map(({ field, value }) => `${field} = ${cut(valueText(value), 400)}`).join("; "),
    children: node.children.map(nodeOf),
  };
}

function valueText(value: unknown): string {
  if (value === undefined) return "nothing";
  return Array.isArray(value) ? `[${value.map(String).join(", ")}]` : typeof value === "string" ? value : jsonText(value);
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
} as const satisfies Record<keyof AlertDetail["tunable"], readonly string[]>;

function tunableOf(alert: Alert): AlertDetail["tunable"] {
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
