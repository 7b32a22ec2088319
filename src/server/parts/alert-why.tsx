/** Why an alert was raised: its rule's conditions with what was seen, and its events. */
import { explainAlert, textOf, whereText, type Alert } from "../../workbench/index.ts";
import { EventText } from "./event-text.tsx";
import { FilterTree } from "./explanation.tsx";
import { Untrusted } from "./marks.tsx";

/** A page of thousands of alerts must open: so many of them carry their evidence, and so many characters of events, the rest is counted. */
const MOST_ALERTS = 300;
const MOST_TEXT = 3_000_000;
const MOST_OF_EVENT = 20_000;
const MOST_EVENTS = 10;

/** What is left of the room on one page. */
export interface Room {
  alerts: number;
  text: number;
}

export function emptyPage(): Room {
  return { alerts: MOST_ALERTS, text: MOST_TEXT };
}

export function AlertWhy({ alert, room }: { alert: Alert; room: Room }) {
  if (room.alerts === 0 || room.text <= 0)
    return <p class="soft">Too many alerts to explain all of them here: tocsin hunt --json has every event.</p>;
  room.alerts--;
  const explained = explainAlert(alert);
  const present = alert.events.filter((observed) => observed !== null);
  return (
    <details class="alert-why">
      <summary>Why, and {present.length === 1 ? "the event" : `its ${present.length} events`}</summary>
      {alert.rule.description === "" ? null : <p>{alert.rule.description}</p>}
      {explained === null ? (
        <p class="soft">The rule says something that EQL text cannot; it is not explained here.</p>
      ) : explained.explanation.kind === "event" ? (
        <FilterTree of={explained.explanation.explanation} />
      ) : (
        <ol class="stages">
          {explained.stages.map((stage) => (
            <li>
              <code>
                <Untrusted text={stage.text.replaceAll(/\s+/g, " ")} limit={2000} />
              </code>
              {stage.event === null || stage.filter === null ? (
                <p class="soft">No such event, as the rule wants.</p>
              ) : (
                <>
                  <p class="soft">
                    Event {stage.event + 1} of {present.length}
                  </p>
                  <FilterTree of={stage.filter} />
                </>
              )}
            </li>
          ))}
        </ol>
      )}
      {present.slice(0, MOST_EVENTS).map((observed, i) => {
        const text = textOf(observed.event, 2);
        room.text -= Math.min(text.length, MOST_OF_EVENT);
        return (
          <>
            <p class="label">
              {present.length === 1 ? "Event" : `Event ${i + 1}`}, <Untrusted text={whereText(observed.place)} limit={300} />,{" "}
              {observed.source}
            </p>
            <EventText text={text} label={`Event ${i + 1} of the alert`} limit={MOST_OF_EVENT} />
          </>
        );
      })}
      {present.length > MOST_EVENTS ? <p class="soft">{present.length - MOST_EVENTS} more events.</p> : null}
    </details>
  );
}
