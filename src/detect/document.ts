import type { Alert } from "./alert.ts";
import { valueAt, type EventDocument, type Observed } from "./observed.ts";
import { RISK_SCORE } from "./rule.ts";

/** Field sets that an alert copies from its last event, so that it can be triaged and joined like the event itself. */
const COPIED = [
  "host",
  "user",
  "process",
  "source",
  "destination",
  "network",
  "file",
  "registry",
  "service",
  "related",
  "winlog",
  "agent",
  "data_stream",
] as const;

/**
 * The alert as one ECS document (`event.kind: "signal"`), the shape of Elastic Security's alerts as far as ECS itself defines it.
 * `tocsin.*` holds what ECS has no place for: the matched events whole, and where in the input each was found.
 *
 * `event.id` is made of `rule.id`, `rule.version`, the identity of each event (`_index` and `_id`; else host, channel, record
 * number and time; else the content) and the join keys, so a second hunt over the same events, however packed, gives it again.
 */
export function alertDocument(alert: Alert): EventDocument {
  const { rule } = alert;
  const last = alert.events.findLast((event) => event !== null)!;
  const source = last.event;
  const copied: { [key: string]: unknown } = {};
  for (const name of COPIED) if (Object.hasOwn(source, name)) copied[name] = source[name];
  return {
    ...(alert.time === null ? {} : { "@timestamp": alert.time }),
    message: `${alert.title}${alert.what === "" ? "" : `: ${alert.what}`}`,
    ecs: { version: "9.4.0" },
    ...copied,
    event: {
      kind: "signal",
      id: alert.id,
      ...pick(source, ["category", "type", "action", "code", "provider", "module", "dataset", "outcome"]),
      severity: RISK_SCORE[rule.severity],
      risk_score: rule.riskScore,
    },
    rule: {
      id: rule.key,
      uuid: rule.uuid,
      name: rule.name,
      ...(rule.description === "" ? {} : { description: rule.description }),
      version: rule.version,
      category: rule.kind,
      ruleset: rule.language,
      ...(rule.references.length === 0 ? {} : { reference: rule.references[0]! }),
    },
    ...(rule.threat.length === 0 ? {} : { threat: threat(alert) }),
    tocsin: {
      severity: rule.severity,
      title: alert.title,
      who: alert.who,
      what: alert.what,
      ...(alert.keys.length === 0 ? {} : { join_keys: alert.keys }),
      ...(alert.count === undefined ? {} : { event_count: alert.count }),
      ...(alert.row === undefined ? {} : { row: alert.row }),
      events: alert.events.map(matched),
    },
  };
}

function matched(observed: Observed | null): { readonly [key: string]: unknown } {
  if (observed === null) return { missing: true };
  const { place } = observed;
  return {
    file: place.file,
    ...(place.line === undefined ? {} : { line: place.line }),
    ...(place.offset === undefined ? {} : { offset: place.offset }),
    ...(place.record === undefined ? {} : { record: place.record }),
    ...(observed.id === undefined ? {} : { _id: observed.id }),
    ...(observed.index === undefined ? {} : { _index: observed.index }),
    data_source: observed.source,
    event: observed.event,
  };
}

function pick(event: EventDocument, names: readonly string[]): { [key: string]: unknown } {
  const picked: { [key: string]: unknown } = {};
  for (const name of names) {
    const value = valueAt(event, `event.${name}`);
    if (value !== undefined) picked[name] = value;
  }
  return picked;
}

/** ECS keeps `threat.tactic.*` and `threat.technique.*` as arrays of keywords. */
function threat(alert: Alert): { readonly [key: string]: unknown } {
  const all = alert.rule.threat;
  const unique = <T extends { readonly id: string }>(items: readonly T[]): T[] => [
    ...new Map(items.map((item) => [item.id, item])).values(),
  ];
  const tactics = unique(all.map((t) => t.tactic));
  const techniques = unique(all.flatMap((t) => (t.technique === undefined ? [] : [t.technique])));
  const subtechniques = unique(techniques.flatMap((t) => (t.subtechnique === undefined ? [] : [t.subtechnique])));
  const columns = (items: readonly { readonly id: string; readonly name: string }[]): { readonly [key: string]: unknown } => ({
    id: items.map((i) => i.id),
    name: items.map((i) => i.name),
  });
  return {
    framework: "MITRE ATT&CK",
    tactic: columns(tactics),
    ...(techniques.length === 0
      ? {}
      : { technique: { ...columns(techniques), ...(subtechniques.length === 0 ? {} : { subtechnique: columns(subtechniques) }) } }),
  };
}
