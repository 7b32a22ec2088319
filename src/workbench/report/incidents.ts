import { whereText, type Alert, type Incident, type Observed, type Severity, type Step } from "../../detect/index.ts";
import { explainAlert, ruleText } from "../explain/alert.ts";
import { flatten } from "../flatten.ts";
import { html, type Html } from "./html.ts";
import { explanationHtml } from "./explanation.ts";
import { count, logText, timeText } from "./text.ts";

/** A report is read by people: so many alerts get their evidence; the tables list so many lines; the rest is counted. */
const MAX_EVIDENCE = 500;
const MAX_STEPS = 5_000;
const MAX_FIELDS = 400;

/** Writes incidents and keeps account of what was left out over all of them. */
export class IncidentWriter {
  #evidence = 0;
  #steps = 0;
  #alertsWithout = 0;
  #stepsLeft = 0;

  incident(incident: Incident, number: number): Html {
    const { first, last } = incident;
    const span = first.time === last.time ? timeText(first.time) : `${timeText(first.time)} to ${timeText(last.time)}`;
    const steps: Step[] = [];
    for (const step of incident.steps) {
      if (this.#steps++ < MAX_STEPS) steps.push(step);
      else this.#stepsLeft++;
    }
    return html`<section aria-labelledby="incident-${number}">
      <h3 id="incident-${number}">Incident ${number} ${severityHtml(incident.severity)}</h3>
      <dl class="facts">
        <dt>When</dt>
        <dd>${logText(span, 100)}</dd>
        ${entities("Hosts", incident.hosts)}${entities("Accounts", incident.users)}${entities("Addresses", incident.addresses)}
      </dl>
      <div class="scroll" tabindex="0" role="region" aria-label="Alerts of incident ${number}">
        <table class="cards">
          <thead>
            <tr>
              <th scope="col">Time</th>
              <th scope="col">Host</th>
              <th scope="col">Severity</th>
              <th scope="col">Rule</th>
              <th scope="col">Who</th>
              <th scope="col">What</th>
            </tr>
          </thead>
          <tbody>
            ${steps.map(stepRow)}
          </tbody>
        </table>
      </div>
      ${steps.map((step) => this.#detail(step))}
    </section>`;
  }

  /** What the reader is not shown, as a sentence each. */
  get leftOut(): readonly string[] {
    return [
      ...(this.#stepsLeft === 0 ? [] : [`${count(this.#stepsLeft)} further alerts are counted above and not listed.`]),
      ...(this.#alertsWithout === 0 ? [] : [`${count(this.#alertsWithout)} listed alerts are shown without their evidence.`]),
    ];
  }

  #detail(step: Step): Html | null {
    if (this.#evidence >= MAX_EVIDENCE) {
      this.#alertsWithout++;
      return null;
    }
    this.#evidence++;
    const { alert, repeats } = step;
    const explained = explainAlert(alert);
    const query = ruleText(alert.rule);
    return html`<details>
      <summary>
        ${severityHtml(alert.rule.severity)} <b>${logText(alert.rule.key, 200)}</b> ${logText(alert.title, 300)}
        <span class="soft">${logText(timeText(alert.time), 40)} ${logText(alert.host, 100)}</span>
      </summary>
      <div class="inside">
        ${alert.rule.description === "" ? null : html`<p>${logText(alert.rule.description)}</p>`}
        ${
          repeats.length === 0
            ? null
            : html`<p class="soft">
                ${count(repeats.length)} more of the same until ${logText(timeText(repeats.at(-1)!.time), 40)}; the first is shown.
              </p>`
        }
        ${
          explained === null
            ? html`<p class="soft">The rule says something that EQL text cannot; it is not explained here.</p>`
            : html`<h4>Why it matched</h4>
                ${explanationHtml(explained)}`
        }
        ${
          query === null
            ? null
            : html`<details>
                <summary>The rule's query</summary>
                <div class="inside"><pre>${logText(query, 20_000)}</pre></div>
              </details>`
        }
        <h4>Evidence</h4>
        ${alert.events.map((observed, i) => evidenceHtml(observed, i + 1, alert))}
      </div>
    </details>`;
  }
}

function stepRow({ alert, repeats }: Step): Html {
  return html`<tr>
    <td class="time">${logText(timeText(alert.time), 40)}</td>
    <td class="entity">${logText(alert.host, 200)}</td>
    <td>${severityHtml(alert.rule.severity)}</td>
    <td class="text">
      ${logText(alert.rule.key, 200)} ${logText(alert.title, 300)}${repeats.length === 0 ? "" : ` (×${count(repeats.length + 1)})`}
    </td>
    <td class="entity">${logText(alert.who, 200)}</td>
    <td class="text mono">${logText(alert.what, 600)}</td>
  </tr>`;
}

function evidenceHtml(observed: Observed | null, number: number, alert: Alert): Html {
  if (observed === null) return html`<p class="soft">Event ${number}: none, as the rule wants.</p>`;
  const fields = flatten(observed.event);
  const shown = fields.slice(0, MAX_FIELDS);
  return html`<details>
    <summary>
      ${alert.events.length === 1 ? "The event" : `Event ${number}`}
      <span class="soft">${logText(whereText(observed.place), 500)}, ${observed.source}</span>
    </summary>
    <div class="inside">
      <table class="evidence">
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Value</th>
          </tr>
        </thead>
        <tbody>
          ${shown.map(
            ({ name, value }) =>
              html`<tr>
                <td>${logText(name, 200)}</td>
                <td class="mono">${logText(value)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
      ${fields.length === shown.length ? null : html`<p class="cut">${count(fields.length - shown.length)} more fields are not shown.</p>`}
    </div>
  </details>`;
}

function entities(title: string, values: readonly string[]): Html | null {
  if (values.length === 0) return null;
  const shown = values.slice(0, 50);
  return html`<dt>${title}</dt>
    <dd>
      ${shown.map((value, i) => html`${i === 0 ? "" : ", "}${logText(value, 200)}`)}${
        values.length > shown.length ? ` and ${count(values.length - shown.length)} more` : ""
      }
    </dd>`;
}

export function severityHtml(severity: Severity): Html {
  return html`<span class="severity ${severity}">${severity}</span>`;
}
