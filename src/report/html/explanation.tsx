import { plural } from "../format.ts";
import type { ConditionView, EventMention, ExplanationView, StageView } from "../view/explanation.ts";
import { OUTCOMES } from "../words.ts";
import { LogText } from "./marks.tsx";

const MAX_CONDITION = 600;
const MAX_SEEN = 2_000;

/** Why a rule matched, or did not. `eventLink`: where on the page the event with a 0-based place is shown; without it the event is a line. */
export function ExplanationPart({ of, eventLink }: { of: ExplanationView; eventLink?: (event: number) => string }) {
  const links = eventLink === undefined ? {} : { eventLink };
  return (
    <>
      {of.matches ? null : <p>{of.verdict}</p>}
      {of.waitedFor.length === 0 ? null : (
        <ul>
          {of.waitedFor.map((line) => (
            <li>
              <LogText text={line} />
            </li>
          ))}
        </ul>
      )}
      {of.stages.map((stage) => (
        <Stage of={stage} {...links} />
      ))}
    </>
  );
}

function Stage({ of, eventLink }: { of: StageView; eventLink?: (event: number) => string }) {
  const { number, text, note, events, moreEvents, conditions } = of;
  return (
    <>
      {number === null ? null : (
        <p class="stage">
          <b>Stage {number}</b>{" "}
          <code>
            <LogText text={text ?? ""} limit={MAX_CONDITION} />
          </code>
        </p>
      )}
      {note === "" ? null : (
        <p class="soft">
          {note}{" "}
          {events.map((event, i) => (
            <>
              {i === 0 ? "" : ", "}
              <Mention of={event} {...(eventLink === undefined ? {} : { eventLink })} />
            </>
          ))}
          {moreEvents === 0 ? "" : ` and ${plural(moreEvents, "more event")}`}
        </p>
      )}
      {conditions.length === 0 ? null : <Conditions of={conditions} />}
    </>
  );
}

function Mention({ of, eventLink }: { of: EventMention; eventLink?: (event: number) => string }) {
  return eventLink === undefined ? (
    <LogText text={of.line} limit={MAX_CONDITION} />
  ) : (
    <a href={eventLink(of.index)}>event {of.index + 1}</a>
  );
}

function Conditions({ of }: { of: readonly ConditionView[] }) {
  const unneeded = of.filter((condition) => condition.unneeded);
  return (
    <ul class="conditions">
      {of
        .filter((condition) => !condition.unneeded)
        .map((condition) => (
          <Condition of={condition} />
        ))}
      {unneeded.length === 0 ? null : (
        <li>
          <details>
            <summary>{plural(unneeded.length, "alternative")} that need not hold</summary>
            <ul class="conditions">
              {unneeded.map((condition) => (
                <Condition of={condition} />
              ))}
            </ul>
          </details>
        </li>
      )}
    </ul>
  );
}

function Condition({ of: { outcome, text, seen, children } }: { of: ConditionView }) {
  return (
    <li>
      <span class={`truth ${outcome}`}>
        <span aria-hidden="true">{OUTCOMES[outcome].mark}</span> {OUTCOMES[outcome].text}
      </span>{" "}
      {children.length > 0 ? (
        text
      ) : (
        <code>
          <LogText text={text} limit={MAX_CONDITION} />
        </code>
      )}
      {seen === "" ? null : (
        <span class="soft">
          {" "}
          <LogText text={seen} limit={MAX_SEEN} />
        </span>
      )}
      {children.length === 0 ? null : <Conditions of={children} />}
    </li>
  );
}
