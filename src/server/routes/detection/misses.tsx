import { Columns, plural, Scroll } from "../../../report/index.ts";
import type { MissKind, PackageMiss } from "../../../workbench/index.ts";
import { Coded, RuleLinks } from "../../parts/marks.tsx";
import type { PartProps } from "./part.ts";

export const MISS_KINDS: Readonly<Record<MissKind, string>> = {
  recording: "test without an alert",
  variant: "attack variant",
  clause: "clause that never matches",
  source: "source without a match",
};

/** Reasons of a miss that stand in its row; the rest is on the pages of its rules. */
const MOST_REASONS = 4;

/** Everything that is not detected, in one list. */
export function Misses({ view, place }: PartProps) {
  const { misses } = view;
  if (misses.length === 0) return <p class="good">Nothing of what was tried is missed.</p>;
  return (
    <Scroll label="What is missed">
      <table class="misses stacked">
        <Columns of={["What is missed", "Rules", "Why", "Recordings"]} />
        <tbody>
          {misses.map((miss) => (
            <tr>
              <th scope="row" class="wide">
                <span class="label">{MISS_KINDS[miss.kind]}</span> <MissTitle of={miss} />
              </th>
              <td>
                <RuleLinks rules={miss.rules} of={view.id} links={place.links} none="no rule" />
              </td>
              <td class="what">
                {miss.why.slice(0, MOST_REASONS).map((text) => (
                  <div>
                    <Coded text={text} />
                  </div>
                ))}
                {miss.why.length > MOST_REASONS ? (
                  <div class="soft">and {plural(miss.why.length - MOST_REASONS, "more", "more")} of the kind</div>
                ) : null}
                {miss.accepted === null ? null : (
                  <div class="soft">
                    Accepted: <Coded text={miss.accepted} />
                  </div>
                )}
              </td>
              <td class="what">
                {miss.cases.map((name) => (
                  <div>
                    <a href={place.links.to(`${view.path}cases/${name}/`)}>{name}</a>
                  </div>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

const MAX_CLAUSE = 90;

/** A clause is code; the rest are words. */
export function MissTitle({ of }: { of: PackageMiss }) {
  if (of.kind !== "clause") return <>{of.title}</>;
  return <code class="piece">{of.title.length > MAX_CLAUSE ? `${of.title.slice(0, MAX_CLAUSE)}…` : of.title}</code>;
}
