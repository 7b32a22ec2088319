/** What the package detects, as its recorded attacks show: the matrix, one list of misses, variants, tests and cases. */
import { Columns, percent, plural, Scroll } from "../../../report/index.ts";
import { Heading, Share } from "../../parts/marks.tsx";
import { Measured } from "../../parts/measured.tsx";
import { Matrix, WholeMatrix } from "./matrix.tsx";
import { DetectionFrame } from "./frame.tsx";
import { Misses } from "./misses.tsx";
import type { PartProps } from "./part.ts";
import { TestList } from "./tests.tsx";

export function Coverage({ view, place }: PartProps) {
  return (
    <Measured when={view.isMeasured} id="measured">
      {() => <MeasuredCoverage view={view} place={place} />}
    </Measured>
  );
}

function MeasuredCoverage({ view, place }: PartProps) {
  const { proof, evasion } = view.facts;
  return (
    <>
      <p class="lead">
        {proof.failed === 0 ? (
          <b class="good">{testsPass(proof)}.</b>
        ) : (
          <b class="high">
            {proof.failed} of {plural(proof.cases.length, "test")} fail.
          </b>
        )}{" "}
        <b>Detects {percent(evasion.total.share)} of attack variants</b>.
      </p>
      {proof.coverage.tests.length === 0 ? null : (
        <section aria-labelledby="matrix">
          <Heading level={2} id="matrix">
            Which rule detects which test
          </Heading>
          <p class="soft">
            Over the network, by the telemetry that recorded it. A rule leads to the recording. A dash: no case records the test there.{" "}
            <a href={place.links.to(`${view.path}coverage/matrix/`)}>The whole matrix</a> has loopback and lab settings too.
          </p>
          <Matrix view={view} place={place} />
        </section>
      )}
      <section aria-labelledby="misses">
        <Heading level={2} id="misses">
          What is missed
        </Heading>
        <p>{missesText(view)}</p>
        <Misses view={view} place={place} />
      </section>
      <section aria-labelledby="variants">
        <Heading level={2} id="variants">
          Attack variants
        </Heading>
        <p>
          Each recorded attack is rewritten as it would have looked had it been typed or configured differently. {evasion.total.detected} of{" "}
          {plural(evasion.total.trials, "variant")} are detected from one recording alone, {evasion.bothSides.detected} of{" "}
          {evasion.bothSides.trials} where source and target are both watched.
        </p>
        <details>
          <summary>By kind of variant</summary>
          <Variants view={view} place={place} />
        </details>
      </section>
      {view.detection.tests.tests.length === 0 ? null : (
        <section aria-labelledby="tests">
          <Heading level={2} id="tests">
            Tests to run yourself
          </Heading>
          <TestList view={view} place={place} />
        </section>
      )}
      <section aria-labelledby="cases">
        <Heading level={2} id="cases">
          Recorded cases
        </Heading>
        <Cases view={view} place={place} />
      </section>
    </>
  );
}

/** `172 of 172 tests pass` */
export function testsPass({ passed, cases }: { readonly passed: number; readonly cases: readonly unknown[] }): string {
  return `${passed} of ${plural(cases.length, "test")} pass`;
}

/** What kind of misses there are, in a sentence or two. */
export function missesText({ facts: { evasion, lint } }: PartProps["view"]): string {
  const { invisible, misses } = evasion;
  const variants =
    misses.length === 0
      ? "No attack variant is missed."
      : invisible === misses.length
        ? `${misses.length === 1 ? "The one missed variant leaves" : `All ${misses.length} misses leave`} no trace in that log source.`
        : `${invisible} of ${plural(misses.length, "missed variant")} leave no trace in that log source.`;
  return `${variants} ${findingsText(lint)}`;
}

/** `No open findings in the queries; 10 accepted, with reasons.` */
function findingsText({ errors, warnings, suppressed }: PartProps["view"]["facts"]["lint"]): string {
  const open = errors + warnings;
  const accepted = suppressed === 0 ? "" : `; ${suppressed} accepted, with reasons`;
  return `${open === 0 ? "No open findings" : plural(open, "open finding")} in the queries${accepted}.`;
}

function Variants({ view }: PartProps) {
  return (
    <Scroll label="Attack variants">
      <table class="dense">
        <Columns of={["Mutation", "What changes", "Still detected"]} />
        <tbody>
          {view.facts.evasion.mutations
            .filter(({ trials }) => trials > 0)
            .map((mutation) => (
              <tr class={mutation.detected < mutation.trials ? "lost" : ""}>
                <th scope="row">
                  <code>{mutation.mutation}</code>
                </th>
                <td class="what">{mutation.title}</td>
                <td>
                  <Share got={mutation.detected} of={mutation.trials} />
                </td>
              </tr>
            ))}
        </tbody>
      </table>
    </Scroll>
  );
}

const KINDS = {
  positive: "attacks that must be detected",
  negative: "ordinary work that must not raise an alert",
  evasion: "attacks, or what looks like them, at the edge of a rule",
} as const;

function Cases({ view, place }: PartProps) {
  const { proof } = view.facts;
  const failed = proof.cases.filter(({ failures }) => failures.length > 0);
  return (
    <>
      <ul>
        {(["positive", "negative", "evasion"] as const).map((kind) => {
          const of = proof.cases.filter((result) => result.case.kind === kind);
          return (
            <li>
              <b>{of.length}</b> {kind}: {KINDS[kind]}
            </li>
          );
        })}
      </ul>
      <p>
        Each is a log with what must and must not fire in it; they run whenever the package changes.{" "}
        <a href={place.links.to(`${view.path}cases/`)}>All cases</a>
      </p>
      {failed.length === 0 ? null : (
        <p class="high">
          These fail:{" "}
          {failed.map((result, i) => (
            <>
              {i === 0 ? "" : ", "}
              <a href={place.links.to(`${view.path}cases/${result.case.name}/`)}>{result.case.name}</a>
            </>
          ))}
        </p>
      )}
      {proof.claims.length === 0 ? null : (
        <>
          <p>What the documents say and the cases do not show:</p>
          <ul>
            {proof.claims.map((claim) => (
              <li>
                {claim.message} <span class="soft">({claim.place.file})</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

export function MatrixPage({ view, place }: PartProps) {
  return (
    <DetectionFrame
      view={view}
      place={place}
      at="coverage/"
      title={`${view.id}: the whole matrix`}
      below={{ name: "The whole matrix", heading: "The whole matrix: tests, telemetry, rules" }}
    >
      <WholeMatrix view={view} place={place} />
    </DetectionFrame>
  );
}
