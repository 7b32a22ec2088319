/** Incidents with what was done in them, and the alerts behind it, each with why it matched and its events. */
import type { Child } from "hono/jsx";
import { UTC, visible, type Alert, type HuntResult, type Observed, type TimeZone } from "../../workbench/index.ts";
import { count, cut, plural, timeText } from "../format.ts";
import { actTitle, type ActView } from "../view/act.ts";
import { ALERT_LIMITS, alertDetail, alertView, type AlertView, type StepView } from "../view/alert.ts";
import { eventView, type EventView } from "../view/event.ts";
import { incidentViews, type IncidentView } from "../view/incident.ts";
import type { LaneAct } from "../view/lanes.ts";
import { ACT_COLUMNS, ALERT_COLUMNS, RULE_COLUMNS, WORDS } from "../words.ts";
import { ExplanationPart } from "./explanation.tsx";
import { Lanes } from "./lanes.tsx";
import { Scroll, Columns, LogLines, LogText, LogTexts, MaybeLink, SeverityMark, Time } from "./marks.tsx";

/** A page is read by people: so many alerts are listed, so many of them explained, with so many characters of events; the rest is counted. */
const MAX_STEPS = 5_000;
const MAX_EXPLAINED = 500;
/** Of few alerts, and of more. */
const MAX_EVIDENCE = { few: 1_000_000, many: 250_000 };
/** Of more alerts than this each rule is explained once in an incident. */
const FEW_STEPS = 200;
const MAX_EVENTS = 10;
const MAX_CONCERNED = 50;
const MAX_QUERY = 20_000;
/** Incidents with a picture of their own, of those that have two acts or more. */
const MAX_PICTURES = 50;

export interface IncidentOptions {
  /** By whose clocks times are shown; UTC without it. */
  readonly zone?: TimeZone;
  /** Where a rule is described, by its key; null where it is not. */
  readonly ruleLink?: (rule: string) => string | null;
}

/** An event as it is shown, and how many characters of it that takes. */
interface Evidence {
  readonly shown: Child;
  readonly characters: number;
}

/** The incidents of a hunt, in the order given. */
export function Incidents({ of, ...options }: { of: Pick<HuntResult, "incidents" | "excepted"> } & IncidentOptions) {
  const { incidents, notListed, notExplained, told } = listed(of, options);
  return (
    <>
      {told === 0 ? null : <p class="soft">Each rule is explained once in an incident; tocsin hunt --json has the events of all alerts.</p>}
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

/** The acts of all incidents as the lanes draw them, each under the number of its incident. */
export function laneActs(incidents: readonly IncidentView[]): LaneAct[] {
  return incidents.flatMap(({ number, acts }) => acts.map((act) => ({ ...act, mark: String(number) })));
}

interface ListedIncident {
  readonly view: IncidentView;
  readonly acts: readonly ListedAct[];
  readonly hasPicture: boolean;
  /** One act among many: its row says all. */
  readonly isBrief: boolean;
}

interface ListedAct {
  readonly view: ActView;
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
  of: Pick<HuntResult, "incidents" | "excepted">,
  options: IncidentOptions,
): { incidents: ListedIncident[]; notListed: number; notExplained: number; told: number } {
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
  let [steps, shown, explained, characters, pictures] = [0, 0, 0, 0, 0];
  const all = views.reduce((sum, { acts }) => sum + acts.reduce((n, act) => n + act.steps.length, 0), 0);
  const maxEvidence = all > FEW_STEPS ? MAX_EVIDENCE.many : MAX_EVIDENCE.few;
  let seen = new Set<string>();
  let told = 0;
  const listedStep = (step: StepView): ListedStep => {
    const isTold = all > FEW_STEPS && seen.has(step.alert.rule);
    if (isTold) told++;
    if (isTold || explained >= MAX_EXPLAINED || characters >= maxEvidence) return { ...step, explained: null };
    seen.add(step.alert.rule);
    explained++;
    const alert = alerts.get(step.alert)!;
    const queryAt = queries.get(alert.rule) ?? alert;
    queries.set(alert.rule, queryAt);
    const evidence = evidenceOf(alert);
    characters += evidence.reduce((sum, one) => sum + one.characters, 0);
    return { ...step, explained: { of: alert, evidence: evidence.map((one) => one.shown), queryAt } };
  };
  const incidents = views.map((view): ListedIncident => {
    seen = new Set();
    const acts = view.acts.flatMap((act): ListedAct[] => {
      const listedSteps = act.steps.slice(0, Math.max(0, MAX_STEPS - shown));
      steps += act.steps.length;
      shown += listedSteps.length;
      return listedSteps.length === 0 ? [] : [{ view: act, steps: listedSteps.map(listedStep) }];
    });
    const hasPicture = acts.length > 1 && pictures < MAX_PICTURES;
    if (hasPicture) pictures++;
    return { view, acts, hasPicture, isBrief: all > FEW_STEPS && acts.length === 1 };
  });
  return {
    incidents: incidents.filter(({ acts }) => acts.length > 0),
    notListed: steps - shown,
    notExplained: shown - explained - told,
    told,
  };
}

function IncidentPart({ of: { view, acts, hasPicture, isBrief }, options }: { of: ListedIncident; options: IncidentOptions }) {
  const { zone = UTC } = options;
  const told = acts.filter(({ view: act }) => act.apart === null);
  const apart = acts.filter(({ view: act }) => act.apart !== null);
  return (
    <section aria-labelledby={`incident-${view.id}`}>
      <h3 id={`incident-${view.id}`}>
        {view.name} <SeverityMark of={view.severity} /> <LogText text={view.title} limit={300} />
      </h3>
      {isBrief ? null : (
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
      )}
      {hasPicture ? (
        <Lanes of={acts.map(({ view: act }) => ({ ...act, mark: String(act.number) }))} zone={zone} link={(id) => `#act-${id}`} />
      ) : null}
      <Acts of={told} label={`Acts of incident ${view.number}`} isBrief={isBrief} options={options} />
      {apart.length === 0 ? null : (
        <>
          <h4>{WORDS.apart}</h4>
          <Acts of={apart} label={`Acts of incident ${view.number} that are set apart`} isBrief={isBrief} options={options} />
        </>
      )}
    </section>
  );
}

function Acts({ of, label, isBrief, options }: { of: readonly ListedAct[]; label: string; isBrief: boolean; options: IncidentOptions }) {
  if (of.length === 0) return null;
  const columns = [`${ALERT_COLUMNS.time} (${(options.zone ?? UTC).name})`, ALERT_COLUMNS.severity, ACT_COLUMNS.act, ACT_COLUMNS.rules];
  return (
    <Scroll label={label}>
      <table class="acts cards">
        {isBrief ? null : <Columns of={columns} />}
        <tbody>
          {of.map((act) => (
            <ActRows of={act} columns={columns.length} options={options} />
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function ActRows({ of: { view, steps }, columns, options }: { of: ListedAct; columns: number; options: IncidentOptions }) {
  const { zone = UTC } = options;
  return (
    <>
      <tr class="act" id={`act-${view.id}`}>
        <td class="time">
          <Time of={view.first} zone={zone} />
        </td>
        <td>
          <SeverityMark of={view.severity} />
        </td>
        <td class="text">
          <b>
            {view.number}. <LogText text={actTitle(view)} limit={300} />
          </b>
          {view.apart === null ? null : (
            <p class="soft">
              <LogText text={view.apart} limit={400} />
            </p>
          )}
          <ul class="deeds">
            {view.deeds.map((deed) => (
              <li>
                <LogText text={deed} limit={ALERT_LIMITS.what} />
              </li>
            ))}
            {view.moreDeeds === 0 ? null : <li class="soft">and {plural(view.moreDeeds, "thing")} more</li>}
          </ul>
        </td>
        <td class="rules">
          {view.rules.slice(0, MAX_RULES).map((rule, i) => (
            <>
              {i === 0 ? "" : rule.id === "" ? ", " : " "}
              <MaybeLink to={options.ruleLink?.(rule.key)}>
                <LogText text={rule.id === "" ? rule.name : rule.id} limit={200} />
              </MaybeLink>
            </>
          ))}
          {view.rules.length > MAX_RULES ? ` and ${count(view.rules.length - MAX_RULES)} more` : ""}
        </td>
      </tr>
      <tr class="evidence-row">
        <td colspan={columns}>
          <details>
            <summary>
              {plural(view.alerts, RULE_COLUMNS.alerts.toLowerCase().slice(0, -1))} of {plural(view.rules.length, "rule")}
            </summary>
            <ul class="inside steps">
              {steps.map((step) => (
                <Step of={step} options={options} />
              ))}
            </ul>
          </details>
        </td>
      </tr>
    </>
  );
}

const MAX_RULES = 40;

function Step({ of: { alert, repeats, explained }, options }: { of: ListedStep; options: IncidentOptions }) {
  const zone = options.zone ?? UTC;
  const link = options.ruleLink?.(alert.rule);
  return (
    <li class="alert">
      <LogText text={timeText(alert.time, zone)} limit={40} /> <SeverityMark of={alert.severity} />{" "}
      <LogText text={alert.host} limit={ALERT_LIMITS.host} />{" "}
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
      {explained === null ? null : <Why of={explained} alert={alert} repeats={repeats} zone={zone} />}
    </li>
  );
}

function Why({
  of: { of, evidence, queryAt },
  alert,
  repeats,
  zone,
}: {
  of: Explained;
  alert: AlertView;
  repeats: readonly AlertView[];
  zone: TimeZone;
}) {
  const { description, query, explanation } = alertDetail(of);
  const last = repeats.at(-1);
  return (
    <details class="alert-why">
      <summary>
        {WORDS.why} · {plural(of.events.length, "event")}
      </summary>
      <div class="inside">
        <p>
          <LogText text={alert.who} limit={ALERT_LIMITS.who} />{" "}
          <code>
            <LogText text={alert.what} limit={ALERT_LIMITS.what} />
          </code>
        </p>
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

function evidenceOf(alert: Alert): Evidence[] {
  const many = alert.events.length > 1;
  const shown = alert.events.slice(0, MAX_EVENTS).map((observed, i): Evidence => {
    const label = many ? `Event ${i + 1}` : "Event";
    return observed === null ? plain(`${label}: ${WORDS.absentEvent}`) : fieldsEvidence(observed, label);
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
function EventPlace({ label, where, source }: { label: string } & Pick<EventView, "where" | "source">) {
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
