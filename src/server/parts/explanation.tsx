/** Why a rule matched, or did not. */
import { visible, type ExplainNode, type Explanation, type FilterExplanation } from "../../workbench/index.ts";
import { plural, Untrusted } from "./marks.tsx";

const MARK = { true: "✓", false: "✗", missing: "?" } as const;
const WORD = { true: "holds", false: "does not hold", missing: "cannot be said: a field is missing" } as const;

/** @param eventLink where the event of a number (0-based) is shown. */
export function ExplanationTree(props: { of: Explanation; eventLink: (event: number) => string }) {
  const { of, eventLink } = props;
  if (of.kind === "event")
    return (
      <>
        <p>
          {of.explanation.matches ? "Matches" : "Comes closest, and does not match:"} <a href={eventLink(of.event)}>event {of.event + 1}</a>
        </p>
        <FilterTree of={of.explanation} />
      </>
    );
  return (
    <>
      <p>
        {of.reached} of {of.needed} steps were reached.
      </p>
      {of.waitedFor.length === 0 ? null : (
        <ul>
          {of.waitedFor.map((line) => (
            <li>
              <Untrusted text={line} />
            </li>
          ))}
        </ul>
      )}
      <ol class="stages">
        {of.stages.map((stage) => (
          <li>
            <code>{visible(oneLine(stage.text))}</code>
            {stage.matching.length > 0 ? (
              <p>
                Matched by{" "}
                {stage.matching.slice(0, 10).map((event, i) => (
                  <>
                    {i === 0 ? "" : ", "}
                    <a href={eventLink(event)}>event {event + 1}</a>
                  </>
                ))}
                {stage.matching.length > 10 ? ` and ${stage.matching.length - 10} more` : ""}
              </p>
            ) : stage.nearest === null ? null : (
              <>
                <p>
                  No event matches; nearest is <a href={eventLink(stage.nearest.event)}>event {stage.nearest.event + 1}</a>
                </p>
                <FilterTree of={stage.nearest.explanation} />
              </>
            )}
          </li>
        ))}
      </ol>
    </>
  );
}

/** Why one event satisfies a filter, or does not. */
export function FilterTree(props: { of: FilterExplanation }) {
  const { category, condition } = props.of;
  return (
    <ul class="why">
      {category === null ? null : (
        <li class={String(category.holds)}>
          <Mark truth={category.holds ? "true" : "false"} /> <code>event.category is {category.wanted}</code>{" "}
          <span class="soft">
            seen: <Untrusted text={textOfSeen(category.seen)} limit={200} />
          </span>
        </li>
      )}
      <NodeItem of={condition} />
    </ul>
  );
}

function NodeItem(props: { of: ExplainNode }) {
  const { of } = props;
  if (of.children.length === 0)
    return (
      <li class={of.truth}>
        <Mark truth={of.truth} /> <code>{visible(oneLine(of.text))}</code>{" "}
        {of.seen.map(({ field, value }) => (
          <span class="soft">
            {field} = <Untrusted text={textOfSeen(value)} limit={200} />{" "}
          </span>
        ))}
      </li>
    );
  // Where one alternative is enough and holds, the others are beside the point.
  const aside = of.op === "or" && of.truth === "true" ? of.children.filter((child) => child.truth !== "true") : [];
  return (
    <li class={of.truth}>
      <Mark truth={of.truth} /> {of.op}
      <ul>
        {of.children
          .filter((child) => !aside.includes(child))
          .map((child) => (
            <NodeItem of={child} />
          ))}
        {aside.length === 0 ? null : (
          <li>
            <details>
              <summary>{plural(aside.length, "alternative")} that need not hold</summary>
              <ul>
                {aside.map((child) => (
                  <NodeItem of={child} />
                ))}
              </ul>
            </details>
          </li>
        )}
      </ul>
    </li>
  );
}

function Mark(props: { truth: "true" | "false" | "missing" }) {
  return (
    <span class="mark" role="img" aria-label={WORD[props.truth]} title={WORD[props.truth]}>
      {MARK[props.truth]}
    </span>
  );
}

function textOfSeen(value: FilterExplanation["condition"]["seen"][number]["value"]): string {
  if (value === undefined) return "nothing";
  return typeof value === "object" ? `[${value.map(String).join(", ")}]` : String(value);
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ");
}
