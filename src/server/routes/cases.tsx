/** The cases of a package: the list, and each with its raw events, what they become, and why each rule fired or did not. */
import { Scroll, Columns, eventLine, ExplanationPart, explanationView, LogText, plural, SeverityMark } from "../../report/index.ts";
import {
  caseEvents,
  ruleOutcomes,
  jsonText,
  type CaseEvent,
  type CaseResult,
  type EventDocument,
  type RuleOutcome,
} from "../../workbench/index.ts";
import { EqlTokens } from "../parts/eql.tsx";
import { EventText } from "../parts/event-text.tsx";
import { Facet } from "../parts/filters.tsx";
import type { PageContext } from "../parts/frame.tsx";
import { Heading, RuleLinks } from "../parts/marks.tsx";
import type { PackageView } from "../package-view.ts";
import { DetectionFrame } from "./detection/frame.tsx";

export function CasesPage({ view, place }: { view: PackageView; place: PageContext }) {
  const { proof } = view.facts;
  return (
    <DetectionFrame
      view={view}
      place={place}
      at="coverage/"
      title={`Cases of ${view.id}`}
      below={{ name: "Cases", heading: `Cases of ${view.id}` }}
    >
      <p>
        {plural(proof.cases.length, "case")}, {proof.passed} pass. Positive: an attack that must be seen. Negative: daily work that must not
        alert. Evasion: an attack, or its look-alike, at the edge of a rule.
      </p>
      <CaseTable view={view} place={place} of={proof.cases} />
    </DetectionFrame>
  );
}

export function CaseTable({ view, place, of, rule }: { view: PackageView; place: PageContext; of: readonly CaseResult[]; rule?: string }) {
  const values = (pick: (r: CaseResult) => readonly string[]) => [...new Set(of.flatMap(pick))].sort();
  return (
    <div class="filtered">
      <div class="filters" hidden>
        <input type="search" aria-label="Search the cases" placeholder="Search" />
        <Facet name="kind" label="Kind" values={values((r) => [r.case.kind])} />
        <Facet name="test" label="Test" values={values((r) => (r.case.test === undefined ? [] : [r.case.test]))} />
        <Facet name="side" label="Side" values={values((r) => [r.case.side])} />
        <Facet name="telemetry" label="Telemetry" values={values((r) => r.case.telemetry)} />
        <output class="soft"></output>
      </div>
      <Scroll label="Cases">
        <table class="dense stacked">
          <Columns
            of={[
              "Case",
              "Kind",
              "Test",
              "Side",
              "Telemetry",
              { name: "Events", number: true },
              rule === undefined ? "Fires" : `${rule} there`,
              "Passes",
            ]}
          />
          <tbody>
            {of.map((result) => {
              const { case: c } = result;
              return (
                <tr data-kind={c.kind} data-test={c.test ?? ""} data-side={c.side} data-telemetry={c.telemetry.join(" ")}>
                  <th scope="row" class="wide">
                    <a href={place.links.to(`${view.path}cases/${c.name}/`)}>{c.title}</a>
                  </th>
                  <td>{c.kind}</td>
                  <td>{c.test ?? ""}</td>
                  <td>{c.side}</td>
                  <td>{c.telemetry.join(" ")}</td>
                  <td class="number" data-label="events">
                    {result.events.length}
                  </td>
                  <td data-label={rule ?? "fires"}>
                    {rule === undefined ? (
                      <RuleLinks rules={result.fired} of={view.id} links={place.links} none="–" />
                    ) : (
                      <a href={place.links.to(`${view.path}cases/${c.name}/#${rule}`)}>{outcomeText(result, rule)}</a>
                    )}
                  </td>
                  <td data-label="passes">{result.failures.length === 0 ? <span class="good">yes</span> : <b class="high">no</b>}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Scroll>
    </div>
  );
}

/** As the page shows them. */
const ORDER: readonly RuleOutcome["outcome"][] = ["fires", "excepted", "lab", "silent"];

const OUTCOME_WORDS = { fires: "fires", silent: "silent", excepted: "suppressed", lab: "fires in a lab" } as const satisfies Record<
  RuleOutcome["outcome"],
  string
>;

function outcomeText(result: CaseResult, rule: string): string {
  if (result.fired.includes(rule)) return OUTCOME_WORDS.fires;
  const by = result.excepted.find((e) => e.rule === rule)?.by;
  if (by !== undefined) return `${OUTCOME_WORDS.excepted} by ${by}`;
  return result.labFired.includes(rule) ? OUTCOME_WORDS.lab : OUTCOME_WORDS.silent;
}

export function CasePage({ view, place, result }: { view: PackageView; place: PageContext; result: CaseResult }) {
  const { case: c } = result;
  const events = caseEvents(c, result);
  const outcomes = ruleOutcomes(view.detection, result).sort((a, b) => ORDER.indexOf(a.outcome) - ORDER.indexOf(b.outcome));
  return (
    <DetectionFrame
      view={view}
      place={place}
      at="coverage/"
      title={`${c.title}: a case of ${view.id}`}
      below={{ name: c.name, heading: c.title }}
    >
      <p class="line">
        <span>{c.kind}</span>
        {c.test === undefined ? null : (
          <span>
            test <a href={place.links.to(`${view.path}tests/${c.test}/`)}>{c.test}</a>
          </span>
        )}
        <span>{c.path} path</span>
        <span>seen on the {c.side === "both" ? "source and the target" : c.side}</span>
        <span>{[c.telemetry.join(", "), c.collector].filter((text) => text !== undefined && text !== "").join(" by ")}</span>
        <span>{c.synthetic ? "synthetic: built from documented field values" : "recorded"}</span>
        {c.confirmed ? null : <span class="medium">not confirmed</span>}{" "}
        <span>{result.failures.length === 0 ? <b class="good">passes</b> : <b class="high">fails</b>}</span>
      </p>
      {c.story === undefined ? null : <p class="prose">{c.story}</p>}
      {c.recorded === undefined ? null : (
        <p class="soft">
          Cut from {c.recorded.source} (SHA-256 {c.recorded.sha256.slice(0, 12)}…), licence: {c.recorded.license}
          {c.recorded.anonymised ? "; names and addresses are replaced" : ""}.
        </p>
      )}
      <Heading level={2} id="rules">
        Rules
      </Heading>
      {outcomes.length === 0 ? <p>No rule fires, and the case is about none.</p> : null}
      {outcomes.map((outcome) => (
        <Outcome view={view} place={place} outcome={outcome} events={result.events} />
      ))}
      {c.signals.length === 0 ? null : (
        <>
          <Heading level={2} id="signals">
            Expected signals
          </Heading>
          <Scroll label="Expected signals">
            <table>
              <tbody>
                {c.signals.map((signal) => (
                  <tr>
                    <th scope="row" class="wide">
                      {signal.name}
                      {signal.count === undefined ? "" : ` (exactly ${signal.count})`}
                    </th>
                    <td class="what eql">
                      <EqlTokens text={signal.query} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
        </>
      )}
      <Heading level={2} id="events">
        Events
      </Heading>
      <p class="soft">
        In the order of time. On the left as they were recorded, on the right what they are to the rules (Elastic Common Schema).
      </p>
      {events.map((event, i) => (
        <EventPart event={event} number={i + 1} />
      ))}
    </DetectionFrame>
  );
}

interface OutcomeProps {
  readonly view: PackageView;
  readonly place: PageContext;
  readonly outcome: RuleOutcome;
  /** The events of the case. */
  readonly events: readonly EventDocument[];
}

function Outcome({ view, place, outcome, events }: OutcomeProps) {
  const rule = view.rule(outcome.rule);
  if (rule === undefined) return null;
  return (
    <details class="outcome" id={rule.id} open={outcome.outcome === "fires"}>
      <summary>
        <span class={`outcome-${outcome.outcome}`}>{OUTCOME_WORDS[outcome.outcome]}</span> <b>{rule.id}</b> {rule.name}{" "}
        <SeverityMark of={rule.severity} />
      </summary>
      <p>
        <a href={place.links.to(`${view.path}rules/${rule.id}/`)}>The rule</a>
        {outcome.by === null ? null : (
          <>
            ; the alert is suppressed by the exception{" "}
            <a href={place.links.to(`${view.path}tune/#exception-${outcome.by}`)}>{outcome.by}</a>
          </>
        )}
      </p>
      {outcome.explanation === null ? null : (
        <ExplanationPart of={explanationView(outcome.explanation, events)} eventLink={(event) => `#event-${event + 1}`} />
      )}
    </details>
  );
}

function EventPart({ event, number }: { event: CaseEvent; number: number }) {
  const raw = event.rawKind === "json" ? pretty(event.raw) : event.raw;
  return (
    <details class="event" id={`event-${number}`}>
      <summary>
        <b>{number}</b> <LogText text={eventLine(event.event)} limit={300} /> <span class="soft">{event.source}</span>
      </summary>
      <div class="columns">
        <div>
          <p class="label">
            Raw{event.line === null ? "" : `, line ${event.line}`} ({event.rawKind === "json" ? "JSON" : "Windows Event XML"})
          </p>
          <EventText text={raw} label={`Event ${number}, raw`} />
        </div>
        <div>
          <p class="label">Normalised</p>
          <EventText text={jsonText(event.event, 2)} label={`Event ${number}, normalised`} />
        </div>
      </div>
    </details>
  );
}

function pretty(text: string): string {
  try {
    return jsonText(JSON.parse(text), 2);
  } catch {
    return text;
  }
}
