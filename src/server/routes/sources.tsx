/** Data sources: what each can produce, which rules read it, and what a fleet without some of them would miss. */
import { Scroll, Columns, SeverityMark } from "../../report/index.ts";
import { sources, type EventShape, type RuleNeeds, type Source } from "../../workbench/index.ts";
import { Frame, type PageContext } from "../parts/frame.tsx";
import { Heading, Tags } from "../parts/marks.tsx";
import type { PackageView } from "../package-view.ts";

/** Sources by what collects them: the part of the id before its dot. */
const FAMILIES: Readonly<Record<string, string>> = {
  endpoint: "Elastic Defend",
  winlogbeat: "Winlogbeat with the Windows modules",
  "elastic-agent": "Elastic Agent with the Windows and System integrations",
  forwarded: "Windows Event Forwarding through the Elastic Agent",
  filebeat: "Filebeat with the Windows event log input, unmapped",
};

const familyOf = (id: string): string => id.slice(0, id.indexOf("."));

/** `4624 An account was successfully logged on`; of events without a code the name alone. */
export function shapeName({ codes, name }: EventShape): string {
  return `${codes.join(", ")} ${name}`.trim();
}

/** The anchor of an event on its source's page. */
export function shapeId(shape: EventShape): string {
  return `e-${(shape.codes.length === 0 ? shape.title : `${shape.codes.join("-")}-${shape.title}`).toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}`;
}

export function SourcesPage({ views, place }: { views: readonly PackageView[]; place: PageContext }) {
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
    <Frame title="Data sources" place={place}>
      <h1>Data sources</h1>
      <p class="lead">
        What each source can write, field by field, is declared and tested. Against it every rule is held: a rule that needs what your fleet
        does not write is blind, and it is better to know before the incident.
      </p>
      <section class="fleet" aria-labelledby="fleet">
        <Heading level={2} id="fleet">
          What would your fleet see?
        </Heading>
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
          <table class="dense">
            <Columns of={["Rule", "Name", "Severity", "Sees", "Needs"]} />
            <tbody>
              {rules.map(({ view, rule, needs }) => (
                <tr
                  data-rule={`${view.id}/${rule.id}`}
                  data-stages={needs.stages
                    .map((stage) => stage.map((need) => `${need.source}=${eventKey(sourceOf(need.source), shapeOf(need))}`).join(";"))
                    .join("|")}
                >
                  <td>
                    <a class="rule" href={place.links.to(`${view.path}#${rule.id}`)}>
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
      <Heading level={2} id="sources">
        The sources
      </Heading>
      {families.map((family) => (
        <>
          <h3>{FAMILIES[family] ?? family}</h3>
          <ul>
            {all
              .filter((source) => familyOf(source.id) === family)
              .map((source) => (
                <li>
                  <a href={place.links.to(`sources/${source.id}/`)}>{source.title}</a>{" "}
                  <span class="soft">
                    {source.produces.length} kinds of event, <Tags of={source.indexPatterns} />
                  </span>
                </li>
              ))}
          </ul>
        </>
      ))}
    </Frame>
  );
}

/** The tests and on which telemetry which rules catch them, as measured; the page's script says which of them the fleet would see. */
function TestsSeen({ views, place }: { views: readonly PackageView[]; place: PageContext }) {
  return (
    <div class="script-only" hidden>
      <h3>Attacks it would see</h3>
      <p class="soft">A test is seen where a rule that can see caught it in a recording of telemetry that you collect.</p>
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
              <a href={place.links.to(`${view.path}#${test.test}`)}>
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

function sourceOf(id: string): Source {
  return sources().find((source) => source.id === id)!;
}

function shapeOf(need: RuleNeeds["stages"][number][number]): EventShape {
  return sourceOf(need.source).produces[need.shape]!;
}

/** The event whoever ships it: `Sysmon 1`, `Security 5145`, `Defend: Process started`. */
function eventKey(source: Source, shape: EventShape): string {
  if (familyOf(source.id) === "endpoint") return `Defend: ${shape.title}`;
  const log = /\d$/.test(shape.title) ? shape.title.replace(/ \d+$/, "") : "Sysmon";
  return `${log} ${shape.codes.join("/")}`;
}

/** For each stage of a rule the events that can satisfy it, one of which is enough. */
export function NeedsTable({ needs, place }: { needs: RuleNeeds; place: PageContext }) {
  return (
    <>
      {needs.stages.map((stage, i) => {
        const bySource = new Map<string, EventShape[]>();
        for (const need of stage) bySource.set(need.source, [...(bySource.get(need.source) ?? []), shapeOf(need)]);
        return (
          <>
            {needs.stages.length > 1 ? <h3>Stage {i + 1}: one of these</h3> : <p>One of these:</p>}
            {bySource.size === 0 ? <p class="high">No source writes an event that can match.</p> : null}
            <ul>
              {[...bySource].map(([id, shapes]) => (
                <li>
                  <a href={place.links.to(`sources/${id}/`)}>{sourceOf(id).title}</a>:{" "}
                  {shapes.map((shape, n) => (
                    <>
                      {n === 0 ? "" : "; "}
                      <a href={place.links.to(`sources/${id}/#${shapeId(shape)}`)}>{shapeName(shape)}</a>
                    </>
                  ))}
                </li>
              ))}
            </ul>
          </>
        );
      })}
    </>
  );
}

export function SourcePage({ source, views, place }: { source: Source; views: readonly PackageView[]; place: PageContext }) {
  const readers = source.produces.map((_, i) =>
    views.flatMap((view) =>
      view.detection.rules
        .filter((rule) => view.needs(rule).stages.some((stage) => stage.some((need) => need.source === source.id && need.shape === i)))
        .map((rule) => ({ view, rule })),
    ),
  );
  // Fields that all events share are listed once.
  const [first, ...rest] = source.produces;
  const everywhere =
    first === undefined || rest.length === 0 ? [] : first.fields.filter((field) => rest.every((shape) => shape.fields.includes(field)));
  const shared = new Set(everywhere);
  const anchors = ids(source);
  return (
    <Frame title={source.title} place={place}>
      <p class="crumbs">
        <a href={place.links.to("sources/")}>Data sources</a> <span aria-hidden="true">›</span> {source.id}
      </p>
      <h1>{source.title}</h1>
      <dl class="facts">
        <dt>Index patterns</dt>
        <dd>
          <Tags of={source.indexPatterns} />
        </dd>
        <dt>Kinds of event</dt>
        <dd>{source.produces.length}</dd>
        {everywhere.length === 0 ? null : (
          <>
            <dt>Fields of every event</dt>
            <dd>
              <details>
                <summary>{everywhere.length} fields</summary>
                <Tags of={everywhere} />
              </details>
            </dd>
          </>
        )}
      </dl>
      <div class="filtered">
        <div class="filters" hidden>
          <input type="search" aria-label="Search the events" placeholder="Event id, field, audit setting" />
          <output class="soft"></output>
        </div>
        <Scroll label="Events">
          <table>
            <Columns of={["Event", "Audit setting", "category", "type", "action", "Rules", "Fields"]} />
            <tbody>
              {source.produces.map((shape, i) => {
                const own = shape.fields.filter((field) => !shared.has(field));
                return (
                  <tr id={anchors[i]}>
                    <th scope="row" class="wide">
                      {shapeName(shape)}
                    </th>
                    <td class="what">{shape.audit}</td>
                    <Values of={shape.category} more={shape.additions?.category} />
                    <Values of={shape.type} more={shape.additions?.type} />
                    <Values of={shape.action} more={shape.additions?.action} />
                    <td>
                      {readers[i]!.map(({ view, rule }) => (
                        <>
                          <a class="rule" href={place.links.to(`${view.path}#${rule.id}`)} title={`${view.id} ${rule.name}`}>
                            {rule.id}
                          </a>{" "}
                        </>
                      ))}
                    </td>
                    <td class="what">
                      <details>
                        <summary>{own.length} of its own</summary>
                        <Tags of={own} />
                        {shape.additions === undefined || shape.additions.fields.length === 0 ? null : (
                          <p>
                            added by Tocsin: <Tags of={shape.additions.fields} />
                          </p>
                        )}
                      </details>
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </Scroll>
      </div>
      <p class="soft">Values after + are what Tocsin's mapping adds to Elastic's own pipelines; the strict mode leaves them out.</p>
    </Frame>
  );
}

function Values({ of, more }: { of: readonly string[]; more: readonly string[] | undefined }) {
  const added = (more ?? []).filter((value) => !of.includes(value));
  return (
    <td>
      {of.join(", ") || <span class="soft">not set</span>}
      {added.length === 0 ? "" : <span class="soft"> + {added.join(", ")}</span>}
    </td>
  );
}

/** Anchors of a source's events; the second of two alike gets a number and nothing links to it. */
function ids(source: Source): string[] {
  const seen = new Map<string, number>();
  return source.produces.map((shape) => {
    const id = shapeId(shape);
    const n = (seen.get(id) ?? 0) + 1;
    seen.set(id, n);
    return n === 1 ? id : `${id}-${n}`;
  });
}
