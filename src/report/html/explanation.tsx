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

function Conditions({ of, seenAbove = false }: { of: readonly ConditionView[]; seenAbove?: boolean }) {
  const unneeded = of.filter((condition) => condition.unneeded);
  return (
    <ul class="conditions">
      {of
        .filter((condition) => !condition.unneeded)
        .map((condition) => (
          <Condition of={condition} seenAbove={seenAbove} />
        ))}
      {unneeded.length === 0 ? null : (
        <li>
          <Unneeded of={unneeded} seenAbove={seenAbove} />
        </li>
      )}
    </ul>
  );
}

/** Hundreds of alternatives look at the same few fields: what the event has of them is shown once, above. */
function Unneeded({ of, seenAbove }: { of: readonly ConditionView[]; seenAbove: boolean }) {
  const seen = seenAbove ? [] : of.flatMap(seenIn);
  const distinct = [...new Set(seen)];
  const isRepeated = distinct.length < seen.length;
  return (
    <details>
      <summary>{plural(of.length, "alternative")} that need not hold</summary>
      {isRepeated
        ? distinct.map((text) => (
            <p class="soft">
              <LogText text={text} limit={MAX_SEEN} />
            </p>
          ))
        : null}
      <ul class="conditions">
        {of.map((condition) => (
          <Condition of={condition} seenAbove={seenAbove || isRepeated} />
        ))}
      </ul>
    </details>
  );
}

function seenIn({ seen, children }: ConditionView): string[] {
  return [...(seen === "" ? [] : [seen]), ...children.flatMap(seenIn)];
}

function Condition({ of: { outcome, text, seen, children }, seenAbove }: { of: ConditionView; seenAbove: boolean }) {
  const { mark, text: word } = OUTCOMES[outcome];
  return (
    <li>
      <b class={`truth ${outcome}`}>
        {mark} {word}
      </b>{" "}
      {children.length > 0 ? (
        text
      ) : (
        <code>
          <LogText text={text} limit={MAX_CONDITION} />
        </code>
      )}
      {seen === "" || seenAbove ? null : (
        <span class="soft">
          {" "}
          <LogText text={seen} limit={MAX_SEEN} />
        </span>
      )}
      {children.length === 0 ? null : <Conditions of={children} seenAbove={seenAbove} />}
    </li>
  );
}
