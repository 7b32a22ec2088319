/** What the log sources that somebody collects would show: which rules can fire, and which tests would be detected. */
import { Scroll, Columns, SeverityMark } from "../../report/index.ts";
import { sources, type EventShape, type Source } from "../../workbench/index.ts";
import { Frame, type PageContext } from "../parts/frame.tsx";
import type { PackageView } from "../package-view.ts";
import { FAMILIES, familyOf, shapeOf, sourceOf } from "./sources.tsx";

export function FleetPage({ views, place }: { views: readonly PackageView[]; place: PageContext }) {
  const all = sources();
  const families = [...new Set(all.map((source) => familyOf(source.id)))];
  const rules = views.flatMap((view) => view.detection.rules.map((rule) => ({ view, rule, needs: view.needs(rule) })));
  const used = new Set(rules.flatMap(({ needs }) => needs.stages.flatMap((stage) => stage.map((need) => `${need.source} ${need.shape}`))));
  // What the rules read, by the name of the event: an audit setting that is off takes it from every source alike.
  const events = new Map<string, { title: string; audit: string; codes: string[] }>();
  for (const source of all)
    source.produces.forEach((shape, i) => {
      if (!used.has(`${source.id} ${i}`) || source.id.startsWith("filebeat")) return;
      const key = eventKey(source, shape);
      if (!events.has(key)) events.set(key, { title: key, audit: shape.audit, codes: [...shape.codes] });
    });
  return (
    <Frame title="What would your log sources show?" place={place}>
      <h1>What would your log sources show?</h1>
      <p class="lead">
        We check every rule against the events you collect: a rule that needs what no machine of yours writes cannot fire, and it is better
        to know that before the incident.
      </p>
      <section class="fleet" aria-label="Rules by log source">
        <p class="script-only" hidden>
          Tick the sources you collect, and take away the events whose audit setting is off.
        </p>
        <noscript>
          <p class="soft">Ticking needs JavaScript; the table below names what each rule needs.</p>
        </noscript>
        <div class="fleet-grid script-only" hidden>
          <fieldset>
            <legend>Sources</legend>
            {families.map((family) => (
              <div class="family">
                <b>{FAMILIES[family] ?? family}</b>
                {all
                  .filter((source) => familyOf(source.id) === family)
                  .map((source) => (
                    <label>
                      <input type="checkbox" data-source={source.id} checked={family === "elastic-agent" || family === "endpoint"} />{" "}
                      {shortTitle(source)}
                    </label>
                  ))}
              </div>
            ))}
          </fieldset>
          <fieldset>
            <legend>Events the rules read</legend>
            {[...events].map(([key, event]) => (
              <label title={event.audit}>
                <input type="checkbox" data-event={key} checked /> {event.title}{" "}
                {event.title.startsWith("Defend") ? null : <span class="soft">{event.audit}</span>}
              </label>
            ))}
          </fieldset>
        </div>
        <p class="verdict script-only" role="status" hidden></p>
        <TestsSeen views={views} place={place} />
        <Scroll label="What each rule needs">
          <table class="dense stacked">
            <Columns of={["Rule", "Name", "Severity", "Can fire", "Needs"]} />
            <tbody>
              {rules.map(({ view, rule, needs }) => (
                <tr
                  data-rule={`${view.id}/${rule.id}`}
                  data-stages={needs.stages
                    .map((stage) => stage.map((need) => `${need.source}=${eventKey(sourceOf(need.source), shapeOf(need))}`).join(";"))
                    .join("|")}
                >
                  <td>
                    <a class="rule" href={place.links.to(`${view.path}rules/${rule.id}/`)}>
                      {view.id} {rule.id}
                    </a>
                  </td>
                  <th scope="row">{rule.name}</th>
                  <td>
                    <SeverityMark of={rule.severity} />
                  </td>
                  <td class="sees"></td>
                  <td>
                    {needs.stages.map((stage, i) => (
                      <div>
                        {needs.stages.length > 1 ? <span class="soft">{i + 1}. </span> : ""}
                        {[...new Set(stage.map((need) => eventKey(sourceOf(need.source), shapeOf(need))))].join(" or ") || (
                          <b class="high">no source has it</b>
                        )}
                      </div>
                    ))}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      </section>
    </Frame>
  );
}

/** The tests and on which telemetry which rules catch them, as measured; the page's script says which of them the fleet would see. */
function TestsSeen({ views, place }: { views: readonly PackageView[]; place: PageContext }) {
  return (
    <div class="script-only" hidden>
      <h3>Attacks they would show</h3>
      <p class="soft">A test is detected where a rule that can fire detects it in a recording of telemetry that you collect.</p>
      <ul class="fleet-tests">
        {views.flatMap((view) =>
          view.facts.proof.coverage.tests.map((test) => (
            <li
              data-seen={test.cells
                .filter((cell) => cell.path === "remote" && cell.rules.length > 0)
                .map((cell) => `${cell.telemetry}=${cell.rules.map((rule) => `${view.id}/${rule}`).join(" ")}`)
                .join(";")}
            >
              <span class="sees"></span>{" "}
              <a href={place.links.to(`${view.path}tests/${test.test}/`)}>
                {views.length > 1 ? `${view.id} ` : ""}
                {test.test}
              </a>{" "}
              {test.title}
            </li>
          )),
        )}
      </ul>
    </div>
  );
}

function shortTitle(source: Source): string {
  return source.title.replace(/^Elastic Defend: /, "").replace(/ by (Winlogbeat|Elastic Agent|Windows Event Forwarding.*)$/, "");
}

/** The event whoever ships it: `Sysmon 1`, `Security 5145`, `Defend: Process started`. */
function eventKey(source: Source, shape: EventShape): string {
  if (familyOf(source.id) === "endpoint") return `Defend: ${shape.title}`;
  const log = /\d$/.test(shape.title) ? shape.title.replace(/ \d+$/, "") : "Sysmon";
  return `${log} ${shape.codes.join("/")}`;
}
