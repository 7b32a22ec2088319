/** How the technique works, what else belongs to it, and what the package is. */
import type { Rule } from "../../../workbench/index.ts";
import { EqlText } from "../../parts/eql.tsx";
import { Markdown } from "../../parts/markdown.tsx";
import { Fact, Heading } from "../../parts/marks.tsx";
import { Measured } from "../../parts/measured.tsx";
import type { PartProps } from "./part.ts";

export function Reference({ view, place }: PartProps) {
  const { meta, changelog } = view.detection;
  return (
    <>
      {meta.story === undefined ? null : (
        <>
          <Heading level={2} id="story">
            How it works
          </Heading>
          <Markdown text={meta.story} level={3} prefix="story-" />
        </>
      )}
      <Heading level={2} id="metadata">
        Metadata
      </Heading>
      <Metadata view={view} place={place} />
      <Corrections view={view} place={place} />
      <Related view={view} place={place} />
      <References view={view} place={place} />
      {changelog === "" ? null : (
        <>
          <Heading level={2} id="changelog">
            Changelog
          </Heading>
          <Markdown text={changelog} level={2} prefix="changelog-" skipTitle />
        </>
      )}
    </>
  );
}

function Metadata({ view }: PartProps) {
  const { meta } = view.detection;
  const { attack } = meta;
  return (
    <dl class="facts">
      {attack === undefined ? null : (
        <>
          <Fact name="Tactic">
            {attack.tactic.name} ({attack.tactic.id})
          </Fact>
          <Fact name="Technique">
            {attack.technique.id} {attack.technique.name}
          </Fact>
          <Fact name="Sub-technique">
            {attack.subtechnique === undefined ? null : `${attack.subtechnique.id} ${attack.subtechnique.name}`}
          </Fact>
          <Fact name="Detection strategy">
            {attack.detection_strategy === undefined
              ? null
              : [
                  `${attack.detection_strategy.id} ${attack.detection_strategy.name}`,
                  ...(attack.analytics.length === 0 ? [] : [attack.analytics.map((a) => `${a.id} ${a.name}`).join(", ")]),
                ].join("; ")}
          </Fact>
        </>
      )}
      <Fact name="D3FEND">{meta.d3fend.length === 0 ? null : meta.d3fend.map((d) => `${d.id} ${d.name}`).join("; ")}</Fact>
      <Fact name="Why this rating">{meta.rating_reason}</Fact>
      <Fact name="At stake">{meta.risk}</Fact>
      <Fact name="Robustness">{meta.robustness}</Fact>
      <Fact name="Level">
        <Measured when={view.isMeasured} id="level" instead={<span class="soft">being measured</span>}>
          {() => <>{view.facts.level.level}</>}
        </Measured>
      </Fact>
      <Fact name="Version">
        {[
          meta.version,
          meta.authored === undefined ? "" : `, written ${meta.authored}`,
          meta.reviewed === undefined ? "" : `, reviewed ${meta.reviewed}`,
          meta.license === undefined ? "" : `; ${meta.license}`,
        ].join("")}
      </Fact>
    </dl>
  );
}

const PHASES = { before: "Before it", with: "With it", after: "After it" } as const;

function Related({ view, place }: PartProps) {
  const { related } = view.detection.meta;
  if (related.length === 0) return null;
  return (
    <>
      <Heading level={2} id="related">
        Related
      </Heading>
      {(["before", "with", "after"] as const).map((phase) => {
        const of = related.filter((one) => one.phase === phase);
        if (of.length === 0) return null;
        return (
          <>
            <h3>{PHASES[phase]}</h3>
            <ul class="related">
              {of.map(({ technique, name, why, query }) => (
                <li>
                  <a href={place.links.to(place.packages.has(technique) ? `detections/${technique}/` : `attack/#${technique}`)}>
                    {technique}
                  </a>{" "}
                  <b>{name}</b>. {why}
                  {query === undefined ? null : (
                    <details>
                      <summary>Query</summary>
                      <EqlText text={query} label={`${name}: EQL`} />
                    </details>
                  )}
                </li>
              ))}
            </ul>
          </>
        );
      })}
    </>
  );
}

function Corrections({ view }: PartProps) {
  const { page } = view.detection.meta;
  if (page === undefined) return null;
  return (
    <>
      <Heading level={2} id="corrections">
        The published page, corrected
      </Heading>
      <p>
        The package grew from “{page.text}”, which rates itself {page.severity} severity and {page.confidence} confidence. What was wrong
        with it:
      </p>
      <ul class="prose">
        {page.corrections.map((text) => (
          <li>{text}</li>
        ))}
      </ul>
    </>
  );
}

function References({ view }: PartProps) {
  const all = new Map<string, string>();
  const add = (reference: Rule["references"][number]): void => {
    const [url, title] = typeof reference === "string" ? [reference, undefined] : [reference.url, reference.title];
    if (!all.has(url)) all.set(url, title ?? url);
  };
  for (const reference of view.detection.meta.references) add(reference);
  for (const rule of view.detection.rules) for (const reference of rule.references) add(reference);
  if (all.size === 0) return null;
  return (
    <>
      <Heading level={2} id="references">
        References
      </Heading>
      <ul class="prose">
        {[...all].map(([url, title]) => (
          <li>
            {/^https?:\/\//i.test(url) ? (
              <a href={url} rel="noreferrer">
                {title}
              </a>
            ) : (
              title
            )}
          </li>
        ))}
      </ul>
    </>
  );
}
