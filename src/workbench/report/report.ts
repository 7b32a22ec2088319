/**
 * A hunt as one HTML file for a manager or a case file: no script, no request, its own style. All that comes from logs is escaped, spelt
 * out where it would hide or reorder text, and cut with a note where it is long.
 */
import type { Detection } from "../../catalog/index.ts";
import { SEVERITIES } from "../../detect/index.ts";
import { whereText } from "../../detect/index.ts";
import type { Problem } from "../../readers/index.ts";
import { blindRules, type BlindRule } from "../hunt/missing-telemetry.ts";
import type { HuntResult } from "../hunt/hunt.ts";
import { Html, html } from "./html.ts";
import { IncidentWriter, severityHtml } from "./incidents.ts";
import { REPORT_STYLE } from "./style.ts";
import { byteText, count, logText, plural, timeText } from "./text.ts";
import { timelineSvg } from "./timeline.ts";

/** What was read, as far as a report tells it. */
export interface ReportInput {
  readonly files: number;
  readonly bytes: number;
  readonly problems: readonly Problem[];
  /** All problems, also those not kept. */
  readonly errors: number;
  readonly warnings: number;
  /** The reading was stopped before its end. */
  readonly aborted: boolean;
}

export interface ReportOptions {
  readonly result: HuntResult;
  readonly input: ReportInput;
  /** The packages that were hunted with: for what was blind. */
  readonly packages: readonly Detection[];
  /** When the report is made, ISO 8601. */
  readonly made: string;
}

const MAX_PROBLEMS = 200;
const MAX_LINES = 300;

export function huntReport(options: ReportOptions): string {
  const { result, input } = options;
  const writer = new IncidentWriter();
  const incidents = result.incidents.map((incident, i) => writer.incident(incident, i + 1));
  const blind = blindRules(options.packages, result);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
        />
        <meta name="referrer" content="no-referrer" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Hunt report: ${plural(result.incidents.length, "incident")}</title>
        ${STYLE}
      </head>
      <body>
        <main>
          <h1>Hunt report</h1>
          <p class="soft">Made by Tocsin on ${timeText(options.made)} UTC. This file loads nothing and runs no script.</p>
          <nav aria-label="Parts">
            <a href="#summary">Summary</a> <a href="#timeline">Timeline</a> <a href="#incidents">Incidents</a> <a href="#rules">Rules</a>
            <a href="#blind">What was blind</a>
          </nav>
          ${summaryHtml(options)}
          <h2 id="timeline">Timeline</h2>
          ${result.alerts.length === 0 ? html`<p>No alerts.</p>` : timelineSvg(result.alerts)}
          <h2 id="incidents">Incidents</h2>
          ${
            incidents.length === 0
              ? html`<p>No alerts in ${plural(result.events, "event")}.</p>`
              : html`<p class="soft">
                    Evidence is shown as it was logged: command lines in it may hold passwords, so hand this file on with care.
                  </p>
                  ${incidents}`
          }
          ${writer.leftOut.map((line) => html`<p class="notice">${line}</p>`)} ${rulesHtml(result)}
          <h2 id="blind">What was blind</h2>
          ${blindHtml(result, input, blind)}
        </main>
      </body>
    </html> `;
  return page.text;
}

const STYLE: Html = html`<style>
  ${htmlOfStyle(REPORT_STYLE)}
</style>`;

/** The style is ours and holds nothing that would end its element. */
function htmlOfStyle(style: string): Html {
  if (style.includes("<")) throw new Error("a style sheet must not hold `<`");
  return new Html(style);
}

function summaryHtml({ result, input }: ReportOptions): Html {
  const bySeverity = [...SEVERITIES]
    .reverse()
    .map((severity) => ({ severity, incidents: result.incidents.filter((i) => i.severity === severity).length }))
    .filter(({ incidents }) => incidents > 0);
  const hosts = new Set(result.incidents.flatMap((i) => i.hosts)).size;
  return html`<h2 id="summary">Summary</h2>
    <ul class="tiles">
      <li><b>${count(result.incidents.length)}</b> ${result.incidents.length === 1 ? "incident" : "incidents"}</li>
      <li><b>${count(result.alerts.length + result.alertsNotKept)}</b> alerts</li>
      <li><b>${count(hosts)}</b> ${hosts === 1 ? "host" : "hosts"} concerned</li>
      <li><b>${count(result.events)}</b> events read</li>
    </ul>
    <dl class="facts">
      ${
        bySeverity.length === 0
          ? null
          : html`<dt>Incidents</dt>
              <dd>
                ${bySeverity.map(({ severity, incidents }, i) => html`${i === 0 ? "" : ", "}${count(incidents)} ${severityHtml(severity)}`)}
              </dd>`
      }
      <dt>Input</dt>
      <dd>${plural(input.files, "file")}, ${byteText(input.bytes)}${input.aborted ? "; the reading was stopped before its end" : ""}</dd>
      <dt>Events from</dt>
      <dd>${logText(timeText(result.firstEvent), 60)} to ${logText(timeText(result.lastEvent), 60)}</dd>
      <dt>Data sources</dt>
      <dd>
        ${
          result.sources.length === 0
            ? "none"
            : result.sources.slice(0, 40).map(({ source, events }, i) => html`${i === 0 ? "" : ", "}${source} (${count(events)})`)
        }
      </dd>
      ${
        result.excepted.length === 0
          ? null
          : html`<dt>Answered by exceptions</dt>
              <dd>${exceptedHtml(result)}</dd>`
      }
    </dl>`;
}

function exceptedHtml(result: HuntResult): Html[] {
  const byException = new Map<string, { title: string; alerts: number }>();
  for (const { exception } of result.excepted) {
    const known = byException.get(exception.id);
    if (known === undefined) byException.set(exception.id, { title: exception.title, alerts: 1 });
    else known.alerts++;
  }
  return [...byException].map(
    ([id, { title, alerts }]) => html`<div>${plural(alerts, "alert")}: ${title} <span class="soft">(${id})</span></div>`,
  );
}

function rulesHtml(result: HuntResult): Html {
  const fired = result.rules.filter(({ matched }) => matched > 0);
  const silent = result.rules.length - fired.length;
  return html`<h2 id="rules">Rules</h2>
    <div class="scroll" tabindex="0" role="region" aria-label="What each rule saw">
      <table>
        <thead>
          <tr>
            <th scope="col">Rule</th>
            <th scope="col">Severity</th>
            <th scope="col" class="number">Events</th>
            <th scope="col" class="number">Alerts</th>
            <th scope="col">What it looks for</th>
          </tr>
        </thead>
        <tbody>
          ${fired.slice(0, MAX_LINES).map(
            ({ rule, matched, alerts }) =>
              html`<tr>
                <td class="entity">${logText(rule.key, 200)}</td>
                <td>${severityHtml(rule.severity)}</td>
                <td class="number">${count(matched)}</td>
                <td class="number">${count(alerts)}</td>
                <td><b>${logText(rule.name, 300)}</b> ${logText(rule.description, 1000)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <p class="soft">
      Events: those that satisfy the rule, or a part of its sequence. ${plural(silent, "rule")} of ${count(result.rules.length)} saw
      nothing.${fired.length > MAX_LINES ? ` ${count(fired.length - MAX_LINES)} further rules are not listed.` : ""}
    </p>`;
}

function blindHtml(result: HuntResult, input: ReportInput, blind: readonly BlindRule[]): Html {
  const whole = blind.filter((rule) => rule.blind === "whole");
  const part = blind.filter((rule) => rule.blind === "part");
  const { droppedEvents, withoutTimestamp, sequenceState } = result.losses;
  const unmapped = result.unmapped.reduce((sum, u) => sum + u.count, 0);
  const errorLine =
    input.errors === 0
      ? html`<p>All of the input was read.</p>`
      : html`<p>${plural(input.errors, "part")} of the input could not be read.</p>`;
  return html`${errorLine}${input.problems.length === 0 ? null : problemsHtml(input)}
  ${
    unmapped === 0
      ? null
      : html`<p>
          ${plural(unmapped, "record")} of kinds that are not mapped to ECS; rules find them only by their raw fields:
          ${result.unmapped
            .slice(0, 20)
            .map((u, i) => html`${i === 0 ? "" : ", "}${logText(`${u.provider} ${u.code}`, 120)} (${count(u.count)})`)}${
            result.unmapped.length > 20 ? ` and ${count(result.unmapped.length - 20)} more kinds` : ""
          }.
        </p>`
  }
  ${result.alertsNotKept === 0 ? null : html`<p>${plural(result.alertsNotKept, "alert")} were counted and not kept.</p>`}
  ${
    droppedEvents + withoutTimestamp + sequenceState === 0
      ? null
      : html`<p>
          Sequences may have missed something: ${count(withoutTimestamp)} events have no time, ${count(droppedEvents)} found no room,
          ${count(sequenceState)} states were given up.
        </p>`
  }
  ${
    whole.length === 0
      ? null
      : html`<h3>Rules whose silence says nothing</h3>
          <p>No event of any kind that these rules need was in the input.</p>
          ${blindTable(whole)}`
  }
  ${
    part.length === 0
      ? null
      : html`<details>
          <summary>${plural(part.length, "rule")} saw only some of the kinds of events they can use</summary>
          <div class="inside">${blindTable(part)}</div>
        </details>`
  }`;
}

function problemsHtml(input: ReportInput): Html {
  const shown = input.problems.slice(0, MAX_PROBLEMS);
  const more = input.errors + input.warnings - shown.length;
  return html`<details>
    <summary>${plural(input.errors, "error")} and ${plural(input.warnings, "warning")} while reading</summary>
    <div class="inside">
      <table>
        <thead>
          <tr>
            <th scope="col">LogLocation</th>
            <th scope="col">Problem</th>
          </tr>
        </thead>
        <tbody>
          ${shown.map(
            (p) =>
              html`<tr>
                <td>${logText(whereText(p.place), 500)}</td>
                <td>${p.severity}: ${logText(p.message, 500)} <span class="soft">${p.code}</span></td>
              </tr>`,
          )}
        </tbody>
      </table>
      ${more > 0 ? html`<p class="cut">${count(more)} more are not listed.</p>` : null}
    </div>
  </details>`;
}

function blindTable(rules: readonly BlindRule[]): Html {
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Rule</th>
        <th scope="col">Was not in the input</th>
        <th scope="col">What makes it</th>
      </tr>
    </thead>
    <tbody>
      ${rules.slice(0, MAX_LINES).flatMap((rule) =>
        rule.missing.map(
          (m, i) =>
            html`<tr>
              <td>${i === 0 ? html`${rule.key} ${rule.name}` : ""}</td>
              <td>${m.source} ${m.events.join(", ")}</td>
              <td class="soft">${m.audit}</td>
            </tr>`,
        ),
      )}
    </tbody>
  </table>`;
}
