/** Incidents with their alerts, each with why it matched and its events. */
import type { Child } from "hono/jsx";
import { UTC, visible, type Alert, type Incident, type Observed, type TimeZone } from "../../workbench/index.ts";
import { count, cut, plural, timeText } from "../format.ts";
import { ALERT_LIMITS, alertDetail, alertView, incidentViews, type AlertView, type IncidentView, type StepView } from "../view/alert.ts";
import { eventView, type EventView } from "../view/event.ts";
import { ALERT_COLUMNS, WORDS } from "../words.ts";
import { ExplanationPart } from "./explanation.tsx";
import { Scroll, Columns, LogLines, LogText, LogTexts, MaybeLink, SeverityMark, Time } from "./marks.tsx";

/** A page is read by people: so many alerts are listed, so many of them explained, with so many characters of events; the rest is counted. */
const MAX_STEPS = 5_000;
const MAX_EXPLAINED = 500;
const MAX_EVIDENCE = 3_000_000;
const MAX_EVENTS = 10;
const MAX_CONCERNED = 50;
const MAX_QUERY = 20_000;

export interface IncidentOptions {
  /** By whose clocks times are shown; UTC without it. */
  readonly zone?: TimeZone;
  /** Where a rule is described, by its key; null where it is not. */
  readonly ruleLink?: (rule: string) => string | null;
  /** How an event is laid out; without it as a table of its fields. */
  readonly event?: (observed: Observed, label: string) => Evidence;
}

/** An event as it is shown, and how many characters of it that takes. */
export interface Evidence {
  readonly shown: Child;
  readonly characters: number;
}

/** The incidents of a hunt, in the order given. */
export function Incidents({ of, ...options }: { of: readonly Incident[] } & IncidentOptions) {
  const { incidents, notListed, notExplained } = listed(of, options);
  return (
    <>
      {incidents.map((incident) => (
        <IncidentPart of={incident} options={options} />
      ))}
      {notListed === 0 ? null : <p class="notice">{plural(notListed, "further alert")} not listed.</p>}
      {notExplained === 0 ? null : (
        <p class="notice">{plural(notExplained, "listed alert")} not explained here: tocsin hunt --json has the events of all.</p>
      )}
    </>
  );
}

interface ListedIncident {
  readonly view: IncidentView;
  readonly steps: readonly ListedStep[];
}

interface ListedStep extends StepView {
  /** Null where the page has no room for it. */
  readonly explained: Explained | null;
}

interface Explained {
  readonly of: Alert;
  readonly evidence: readonly Child[];
  /** The alert at which the rule's query stands: a page has it once. */
  readonly queryAt: Alert;
}

/** What a page has room for. */
function listed(
  of: readonly Incident[],
  options: IncidentOptions,
): { incidents: ListedIncident[]; notListed: number; notExplained: number } {
  const alerts = new Map<AlertView, Alert>();
  const views = incidentViews(
    of,
    (alert) => {
      const view = alertView(alert);
      alerts.set(view, alert);
      return view;
    },
    options.zone,
  );
  const queries = new Map<Alert["rule"], Alert>();
  let steps = 0;
  let explained = 0;
  let characters = 0;
  const incidents = views.map((view): ListedIncident => {
    const shown = view.steps.slice(0, Math.max(0, MAX_STEPS - steps));
    steps += view.steps.length;
    return {
      view,
      steps: shown.map((step): ListedStep => {
        if (explained >= MAX_EXPLAINED || characters >= MAX_EVIDENCE) return { ...step, explained: null };
        explained++;
        const alert = alerts.get(step.alert)!;
        const queryAt = queries.get(alert.rule) ?? alert;
        queries.set(alert.rule, queryAt);
        const evidence = evidenceOf(alert, options.event ?? fieldsEvidence);
        characters += evidence.reduce((sum, one) => sum + one.characters, 0);
        return { ...step, explained: { of: alert, evidence: evidence.map((one) => one.shown), queryAt } };
      }),
    };
  });
  const shown = Math.min(steps, MAX_STEPS);
  return { incidents, notListed: steps - shown, notExplained: shown - explained };
}

function IncidentPart({ of: { view, steps }, options }: { of: ListedIncident; options: IncidentOptions }) {
  const { zone = UTC } = options;
  const { time, ...others } = ALERT_COLUMNS;
  const columns = [`${time} (${zone.name})`, ...Object.values(others)];
  return (
    <section aria-labelledby={`incident-${view.id}`}>
      <h3 id={`incident-${view.id}`}>
        {view.name} <SeverityMark of={view.severity} />
      </h3>
      <dl class="facts">
        <dt>When</dt>
        <dd>
          <LogText text={view.when} limit={100} />
        </dd>
        {view.concerned.map(({ title, values }) => (
          <>
            <dt>{title}</dt>
            <dd>
              <LogTexts texts={values} max={MAX_CONCERNED} />
            </dd>
          </>
        ))}
      </dl>
      <Scroll label={`Alerts of incident ${view.number}`}>
        <table class="alerts cards">
          <Columns of={columns} />
          <tbody>
            {steps.map((step) => (
              <>
                <StepRow of={step} options={options} />
                {step.explained === null ? null : (
                  <tr class="why-row">
                    <td colspan={columns.length}>
                      <Why of={step.explained} repeats={step.repeats} zone={zone} />
                    </td>
                  </tr>
                )}
              </>
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}

function StepRow({ of: { alert, repeats }, options }: { of: StepView; options: IncidentOptions }) {
  const link = options.ruleLink?.(alert.rule);
  return (
    <tr class="alert">
      <td class="time">
        <Time of={alert.time} zone={options.zone ?? UTC} />
      </td>
      <td>
        <SeverityMark of={alert.severity} />
      </td>
      <td class="entity">
        <LogText text={alert.host} limit={ALERT_LIMITS.host} />
      </td>
      <td class="text">
        {alert.ruleId === "" ? null : (
          <>
            <MaybeLink to={link}>
              <b>
                <LogText text={alert.ruleId} limit={200} />
              </b>
            </MaybeLink>{" "}
          </>
        )}
        <MaybeLink to={alert.ruleId === "" ? link : null}>
          <LogText text={alert.title} limit={ALERT_LIMITS.title} />
        </MaybeLink>
        {repeats.length === 0 ? "" : ` (×${count(repeats.length + 1)})`}
      </td>
      <td class="entity">
        <LogText text={alert.who} limit={ALERT_LIMITS.who} />
      </td>
      <td class="what">
        <code>
          <LogText text={alert.what} limit={ALERT_LIMITS.what} />
        </code>
      </td>
    </tr>
  );
}

function Why({ of: { of, evidence, queryAt }, repeats, zone }: { of: Explained; repeats: readonly AlertView[]; zone: TimeZone }) {
  const { description, query, explanation } = alertDetail(of);
  const last = repeats.at(-1);
  return (
    <details class="alert-why">
      <summary>{WORDS.why}</summary>
      <div class="inside">
        {description === "" ? null : (
          <p>
            <LogText text={description} />
          </p>
        )}
        {last === undefined ? null : (
          <p class="soft">
            {plural(repeats.length, "more of the same", "more of the same")} until <LogText text={timeText(last.time, zone)} limit={40} />;
            the first is shown.
          </p>
        )}
        {explanation === null ? <p class="soft">{WORDS.notExplained}</p> : <ExplanationPart of={explanation} />}
        {query === null ? null : queryAt === of ? (
          <details id={`query-${of.id}`}>
            <summary>{WORDS.query}</summary>
            <div class="inside">
              <pre>
                <LogLines text={query} limit={MAX_QUERY} />
              </pre>
            </div>
          </details>
        ) : (
          <p>
            <a href={`#query-${queryAt.id}`}>{WORDS.query}</a>
          </p>
        )}
        <p class="label">{WORDS.evidence}</p>
        {evidence}
      </div>
    </details>
  );
}

function evidenceOf(alert: Alert, event: NonNullable<IncidentOptions["event"]>): Evidence[] {
  const many = alert.events.length > 1;
  const shown = alert.events.slice(0, MAX_EVENTS).map((observed, i): Evidence => {
    const label = many ? `Event ${i + 1}` : "Event";
    if (observed === null) return plain(`${label}: ${WORDS.absentEvent}`);
    return event(observed, label);
  });
  const more = alert.events.length - MAX_EVENTS;
  return more > 0 ? [...shown, plain(`${plural(more, "more event")} not shown.`)] : shown;
}

function plain(text: string): Evidence {
  return { shown: <p class="soft">{text}</p>, characters: text.length };
}

function fieldsEvidence(observed: Observed, label: string): Evidence {
  const view = eventView(observed);
  return {
    shown: <FieldTable of={view} label={label} />,
    characters: view.fields.reduce((sum, { name, value }) => sum + name.length + value.length, 0),
  };
}

/** Where an event lies and which data source it is of. */
export function EventPlace({ label, where, source }: { label: string } & Pick<EventView, "where" | "source">) {
  return (
    <>
      {label}{" "}
      <span class="soft">
        <LogText text={where} limit={500} />, {source}
      </span>
    </>
  );
}

function FieldTable({ of: { where, source, fields, moreFields }, label }: { of: EventView; label: string }) {
  return (
    <details>
      <summary>
        <EventPlace label={label} where={where} source={source} />
      </summary>
      <div class="inside">
        {/* Each is kept apart from the direction of its surroundings, as a block is; a report has thousands. */}
        <dl class="evidence">
          {fields.map(({ name, value, note }) => (
            <>
              <dt>{visible(cut(name, 200))}</dt>
              <dd>
                {visible(value)}
                {note === "" ? null : <span class="cut">{note}</span>}
              </dd>
            </>
          ))}
        </dl>
        {moreFields === 0 ? null : <p class="cut">{plural(moreFields, "more field")} not shown.</p>}
      </div>
    </details>
  );
}
