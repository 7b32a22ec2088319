import { visible, type HuntResult } from "../workbench/index.ts";
import type { InputSummary } from "./input.ts";
import { bytes, count, plural } from "./progress.ts";
import { table } from "./table.ts";
import { SEVERITY_STYLE, type Terminal } from "./output/terminal.ts";

/** The alerts of a hunt as people read them: the incident first, its events under it. */
export function alertsText(result: HuntResult, terminal: Terminal): string {
  const parts: string[] = [];
  const many = result.incidents.length;
  result.incidents.forEach((incident, i) => {
    const severity = terminal.paint(SEVERITY_STYLE[incident.severity], incident.severity.toUpperCase());
    const span = [shortTime(incident.first.time), shortTime(incident.last.time)].map(named);
    const who = names([...incident.users, ...incident.addresses]);
    parts.push(
      `${terminal.paint("bold", `Incident ${i + 1} of ${many}`)}  ${severity}  ${span[0] === span[1] ? span[0] : `${span[0]} to ${span[1]}`}  ${names(incident.hosts)}${who === "" ? "" : `  (${who})`}`,
    );
    const rows = incident.steps.map(({ alert, repeats }) => [
      shortTime(alert.time),
      alert.host,
      alert.rule.severity,
      `${alert.rule.key.split("/").at(-1)} ${alert.rule.name}${repeats.length === 0 ? "" : ` (x${repeats.length + 1})`}`,
      alert.who,
      alert.what,
    ]);
    const columns = [
      { title: "time" },
      { title: "host" },
      {
        title: "severity",
        paint: (text: string, row: number) => terminal.paint(SEVERITY_STYLE[incident.steps[row]!.alert.rule.severity], text),
      },
      { title: "rule", shrink: true },
      { title: "who" },
      { title: "what", shrink: true },
    ];
    parts.push(indent(table(columns, rows, terminal.width === undefined ? undefined : terminal.width - 2)), "");
  });
  if (many === 0) parts.push("No alerts.", "");
  return parts.join("\n");
}

/** What was read, what each rule saw, and what could not be seen. */
export function summaryText(result: HuntResult, input: InputSummary, terminal: Terminal): string {
  const lines: string[] = [];
  const range = result.firstEvent === null ? "" : `, ${named(shortTime(result.firstEvent))} to ${named(shortTime(result.lastEvent))}`;
  lines.push(`${plural(input.files, "file")} (${bytes(input.bytes)}), ${plural(result.events, "event")}${range}`);
  if (result.sources.length > 0)
    lines.push(`Sources: ${result.sources.map(({ source, events }) => `${source} ${count(events)}`).join(", ")}`);
  const unmapped = result.unmapped.reduce((sum, u) => sum + u.count, 0);
  if (unmapped > 0) {
    const shown = result.unmapped.slice(0, 8).map((u) => `${named(u.provider)} ${named(u.code)} (${count(u.count)})`);
    const more = result.unmapped.length - shown.length;
    lines.push(
      `Not mapped to ECS, found only by their raw fields: ${plural(unmapped, "record")}: ${shown.join(", ")}${more > 0 ? `, and ${count(more)} more kinds` : ""}`,
    );
  }
  if (result.excepted.length > 0) lines.push(`Alerts answered by exceptions: ${count(result.excepted.length)}`);
  if (result.alertsNotKept > 0) lines.push(`Alerts counted but not kept: ${count(result.alertsNotKept)}`);
  const { droppedEvents, withoutTimestamp, sequenceState, faults } = result.losses;
  if (droppedEvents + withoutTimestamp + sequenceState > 0) {
    lines.push(
      `Sequences may have missed something: ${count(withoutTimestamp)} events without a time, ${count(droppedEvents)} without room, ${count(sequenceState)} states given up`,
    );
  }
  if (faults > 0)
    lines.push(`Conditions that could not be computed, and counted as false: ${count(faults)} (an overflow, a text that is no number)`);
  const correlation = result.correlationLosses;
  if (correlation !== null && correlation.droppedEvents + correlation.withoutTimestamp + correlation.state > 0) {
    lines.push(
      `Correlations may have missed something: ${count(correlation.withoutTimestamp)} events without a time, ${count(correlation.droppedEvents)} without room, ${count(correlation.state)} states given up`,
    );
  }
  if (correlation !== null && correlation.withoutGroup > 0)
    lines.push(`Events that belong to no group of a correlation, since they lack the field: ${count(correlation.withoutGroup)}`);
  if (input.errors > 0) lines.push(`Could not be read: ${plural(input.errors, "problem")}, listed above`);
  // A package's silent rules say something; those of a collection of a thousand only fill the screen.
  const shown = result.rules.length <= 60 ? result.rules : result.rules.filter(({ matched }) => matched > 0);
  lines.push("", "What each rule saw (events that satisfy it, or a part of its sequence):");
  lines.push(
    indent(
      table(
        [
          { title: "rule" },
          { title: "severity" },
          { title: "events", align: "right" },
          { title: "alerts", align: "right" },
          { title: "name", shrink: true },
        ],
        shown.map(({ rule, matched, alerts }) => [rule.key, rule.severity, count(matched), count(alerts), rule.name]),
        terminal.width === undefined ? undefined : terminal.width - 2,
      ),
    ),
  );
  if (shown.length < result.rules.length) lines.push(indent(`${count(result.rules.length - shown.length)} rules saw nothing`));
  return `${lines.join("\n")}\n`;
}

const NAMES = 4;
const NAME_LENGTH = 100;

/** A name out of a log, in a line of text: nothing in it acts on the terminal, and it does not push the rest away. */
function named(text: string): string {
  return visible(text.length > NAME_LENGTH ? `${text.slice(0, NAME_LENGTH)}…` : text);
}

function names(of: readonly string[]): string {
  const more = of.length - NAMES;
  return `${of.slice(0, NAMES).map(named).join(", ")}${more > 0 ? ` and ${count(more)} more` : ""}`;
}

/** `2026-03-04 09:15:00.123`; what is no time stays as it is. */
export function shortTime(time: string | null): string {
  if (time === null) return "(no time)";
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d{1,3})?/.exec(time);
  return match === null ? time : `${match[1]} ${match[2]}${match[3] ?? ""}`;
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, "  ");
}
