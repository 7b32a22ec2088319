/** The tests of a package: what to run, what should be seen, and which rules detect it. */
import { Columns, Scroll } from "../../../report/index.ts";
import type { Detection } from "../../../workbench/index.ts";
import { CodeText } from "../../parts/eql.tsx";
import { Heading, RuleLinks } from "../../parts/marks.tsx";
import { DetectionFrame } from "./frame.tsx";
import type { PartProps } from "./part.ts";

type Test = Detection["tests"]["tests"][number];

export function TestList({ view, place }: PartProps) {
  const measured = new Map(view.facts.proof.coverage.tests.map((t) => [t.test, t]));
  const { tests } = view.detection;
  return (
    <>
      <p class="soft">{tests.note}</p>
      <Scroll label="Tests">
        <table class="dense stacked">
          <Columns of={["Test", "Title", "Technique", "Detected on the source by", "Detected on the target by"]} />
          <tbody>
            {tests.tests.map((test) => {
              const seen = measured.get(test.id);
              return (
                <tr>
                  <td>
                    <a href={place.links.to(`${view.path}tests/${test.id}/`)}>{test.id}</a>
                  </td>
                  <th scope="row">{test.title}</th>
                  <td>{test.technique}</td>
                  {(["source", "target"] as const).map((side) => (
                    <td class="what" data-label={`${side}:`}>
                      <RuleLinks rules={seen?.[side] ?? []} of={view.id} links={place.links} none="no rule" />
                    </td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </Scroll>
    </>
  );
}

export function TestPage({ view, place, test }: PartProps & { test: Test }) {
  const seen = view.facts.proof.coverage.tests.find((t) => t.test === test.id);
  return (
    <DetectionFrame
      view={view}
      place={place}
      at="coverage/"
      title={`${test.title}: test ${test.id} of ${view.id}`}
      below={{
        name: test.id,
        heading: (
          <>
            <span class="id">{test.id}</span> {test.title}
          </>
        ),
      }}
    >
      <p class="line">
        <span>{test.technique}</span>
        {test.atomic === null ? (
          <span>no atomic</span>
        ) : (
          <span>
            Atomic Red Team{test.atomic.exact ? "" : ", nearest"}: {test.atomic.name} <code>{test.atomic.guid}</code>
          </span>
        )}
        <span>{test.elevated ? "elevated" : "not elevated"}</span>
      </p>
      <p class="soft">
        {test.attribution} By {test.author}.
      </p>
      <p class="notice">Run it only on machines you own or are asked to test.</p>
      <Heading level={2} id="commands">
        Run it
      </Heading>
      <div class="columns">
        <Command title="Over the network" of={test.remote} />
        {test.loopback === undefined ? null : <Command title="Over loopback, in a lab" of={test.loopback} />}
      </div>
      <Heading level={2} id="signals">
        Expected signals
      </Heading>
      <Scroll label="Expected signals">
        <table class="stacked">
          <Columns of={["Side", "Expected signal", "Tells", "The published page says"]} />
          <tbody>
            {test.signals.map((signal) => (
              <tr>
                <td>{signal.side}</td>
                <th scope="row">{signal.event}</th>
                <td class="what">{signal.tells}</td>
                {signal.claimed === undefined ? (
                  <td></td>
                ) : (
                  <td class="soft what" data-label="The published page says:">
                    {signal.claimed}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <Heading level={2} id="detected">
        Detected by
      </Heading>
      {seen === undefined ? (
        <p>No case records it.</p>
      ) : (
        <>
          <p>
            On the source by <RuleLinks rules={seen.source} of={view.id} links={place.links} none="no rule" />; on the target by{" "}
            <RuleLinks rules={seen.target} of={view.id} links={place.links} none="no rule" />.
          </p>
          <p class="soft">
            As its recordings show:{" "}
            {seen.cells
              .flatMap((cell) => cell.cases)
              .map((name, i) => (
                <>
                  {i === 0 ? "" : ", "}
                  <a href={place.links.to(`${view.path}cases/${name}/`)}>{name}</a>
                </>
              ))}
          </p>
        </>
      )}
    </DetectionFrame>
  );
}

function Command(props: { title: string; of: { readonly command: string; readonly cleanup: string } }) {
  return (
    <div>
      <h3>{props.title}</h3>
      <CodeText text={props.of.command} label={`${props.title}: command`} />
      <p class="label">Clean up</p>
      <CodeText text={props.of.cleanup} label={`${props.title}: clean up`} />
    </div>
  );
}
