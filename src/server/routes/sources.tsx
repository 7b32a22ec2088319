/** Data sources: what each can produce, and which rules read it. */
import { Scroll, Columns } from "../../report/index.ts";
import { sources, type EventShape, type RuleNeeds, type Source } from "../../workbench/index.ts";
import { Frame, type PageContext } from "../parts/frame.tsx";
import { Tags } from "../parts/marks.tsx";
import type { PackageView } from "../package-view.ts";

/** Sources by what collects them: the part of the id before its dot. */
export const FAMILIES: Readonly<Record<string, string>> = {
  endpoint: "Elastic Defend",
  winlogbeat: "Winlogbeat with the Windows modules",
  "elastic-agent": "Elastic Agent with the Windows and System integrations",
  forwarded: "Windows Event Forwarding through the Elastic Agent",
  filebeat: "Filebeat with the Windows event log input, unmapped",
};

export const familyOf = (id: string): string => id.slice(0, id.indexOf("."));

/** `4624 An account was successfully logged on`; of events without a code the name alone. */
export function shapeName({ codes, name }: EventShape): string {
  return `${codes.join(", ")} ${name}`.trim();
}

/** The anchor of an event on its source's page. */
export function shapeId(shape: EventShape): string {
  return `e-${(shape.codes.length === 0 ? shape.title : `${shape.codes.join("-")}-${shape.title}`).toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}`;
}

export function SourcesPage({ place }: { place: PageContext }) {
  const all = sources();
  const families = [...new Set(all.map((source) => familyOf(source.id)))];
  return (
    <Frame title="Data sources" place={place}>
      <h1>Data sources</h1>
      <p class="lead">
        What each source can write, field by field, is declared and tested, and every rule is checked against it. What that means for what
        you collect: <a href={place.links.to("fleet/")}>your log sources</a>.
      </p>
      {families.map((family) => (
        <>
          <h2>{FAMILIES[family] ?? family}</h2>
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

export function sourceOf(id: string): Source {
  return sources().find((source) => source.id === id)!;
}

export function shapeOf(need: RuleNeeds["stages"][number][number]): EventShape {
  return sourceOf(need.source).produces[need.shape]!;
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
                          <a class="rule" href={place.links.to(`${view.path}rules/${rule.id}/`)} title={`${view.id} ${rule.name}`}>
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
