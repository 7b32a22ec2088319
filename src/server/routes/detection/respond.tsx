/** What to do when it fires: the first five minutes, the guide, the playbook, hunts. Their queries take the alert's own values. */
import type { Child } from "hono/jsx";
import { EqlText } from "../../parts/eql.tsx";
import { ColouredText } from "../../parts/query-text.tsx";
import { headingSlug, Markdown, sectionsOf } from "../../parts/markdown.tsx";
import { Heading } from "../../parts/marks.tsx";
import type { PackageView } from "../../package-view.ts";
import type { PartProps } from "./part.ts";

export function Respond({ view, place }: PartProps) {
  return (
    <div class="respond">
      <AlertValues view={view} />
      <Guide view={view} place={place} />
      <Playbook view={view} place={place} />
      <Hunts view={view} place={place} />
    </div>
  );
}

const VALUES = {
  host: "Host acted on",
  source: "Acted from, address",
  source_host: "Acted from, name",
  user: "Account",
} as const;

/** The values that the queries are written with; `islands/respond.ts` puts those of an alert in their place. */
function AlertValues({ view }: { view: PackageView }) {
  const lab = view.detection.meta.lab_values;
  const known = (Object.keys(VALUES) as (keyof typeof VALUES)[]).filter((name) => lab[name] !== undefined);
  if (known.length === 0) return null;
  return (
    <div class="alert-values" hidden>
      <p>
        The queries below are written with a lab's names. Enter the alert's own: <span class="soft" role="status"></span>
      </p>
      <p class="filters">
        {known.map((name) => (
          <label>
            {VALUES[name]}{" "}
            <input type="text" data-value={name} data-lab={lab[name]} placeholder={lab[name]} maxlength={255} spellcheck={false} />
          </label>
        ))}
      </p>
    </div>
  );
}

function Guide({ view, place }: PartProps) {
  if (view.detection.guide === "") return null;
  return (
    <section aria-labelledby="guide">
      <Heading level={2} id="guide">
        Investigation guide
      </Heading>
      <Sections text={view.detection.guide} prefix="guide-" opensFirst link={packageLink(view, place.links)} />
    </section>
  );
}

function Playbook({ view, place }: PartProps) {
  if (view.detection.playbook === "") return null;
  let step = 0;
  const item = (content: Child, markdown: string): Child => {
    step++;
    const id = `step-${step}`;
    return (
      <label class="step" for={id}>
        <input type="checkbox" id={id} data-markdown={markdown} /> <span>{content}</span>
      </label>
    );
  };
  return (
    <section aria-labelledby="playbook" class="playbook" data-playbook={view.id}>
      <Heading level={2} id="playbook">
        Response playbook
      </Heading>
      <p class="tools" hidden>
        <button type="button" data-action="copy">
          Copy as Markdown
        </button>{" "}
        <button type="button" data-action="clear">
          Clear the ticks
        </button>{" "}
        <span class="progress soft" role="status"></span>
      </p>
      <Sections text={view.detection.playbook} prefix="playbook-" item={item} link={packageLink(view, place.links)} />
      <p class="soft">Ticks stay in this browser.</p>
    </section>
  );
}

interface SectionsProps {
  readonly text: string;
  readonly prefix: string;
  readonly opensFirst?: boolean;
  readonly item?: (content: Child, markdown: string) => Child;
  readonly link: (target: string) => string | null;
}

/** A document whose sections open one by one. What stands before them comes last: it is about the document. */
function Sections({ text, prefix, opensFirst = false, ...options }: SectionsProps) {
  const { intro, sections } = sectionsOf(text);
  return (
    <>
      {sections.map((section, i) => {
        const id = `${prefix}${headingSlug(section.title)}`;
        return (
          <details class="section" open={opensFirst && i === 0}>
            <summary>
              <h3 id={id}>{section.title}</h3>
            </summary>
            <Markdown text={section.text} level={3} prefix={`${id}-`} {...options} />
          </details>
        );
      })}
      {intro.trim() === "" ? null : (
        <details class="section">
          <summary>
            <h3 id={`${prefix}intro`}>About this text</h3>
          </summary>
          <Markdown text={intro} level={3} prefix={`${prefix}intro-`} {...options} />
        </details>
      )}
    </>
  );
}

function Hunts({ view }: PartProps) {
  const { hunts } = view.detection;
  if (hunts.length === 0) return null;
  return (
    <section aria-labelledby="hunting">
      <Heading level={2} id="hunting">
        Hunting queries
      </Heading>
      {hunts.map((hunt) => {
        const language = hunt.language === "eql" ? "EQL" : "ES|QL";
        return (
          <details class="section">
            <summary>
              <h3 id={hunt.id}>
                <span class="id">{hunt.id}</span> {hunt.name}
              </h3>
            </summary>
            <p>{hunt.hypothesis}</p>
            {hunt.language === "eql" ? (
              <EqlText text={hunt.query} label={`${hunt.id}: ${language}`} />
            ) : (
              <ColouredText text={hunt.query} language="esql" label={`${hunt.id}: ${language}`} />
            )}
            <dl class="facts">
              <dt>Language</dt>
              <dd>{language}</dd>
              <dt>Needs</dt>
              <dd>{hunt.needs.join("; ")}</dd>
              <dt>How to read it</dt>
              <dd>{hunt.read}</dd>
            </dl>
          </details>
        );
      })}
    </section>
  );
}

/** Links of a package's documents to each other. */
function packageLink(view: PackageView, links: PartProps["place"]["links"]): (target: string) => string | null {
  const parts: Readonly<Record<string, string>> = {
    "guide.md": "respond/#guide",
    "playbook.md": "respond/#playbook",
    "tuning.yaml": "tune/",
    "tests.yaml": "coverage/#tests",
  };
  const hunts = new Map(view.detection.hunts.map(({ id }) => [`hunts/${id}.yaml`, `respond/#${id}`]));
  return (target) => {
    const part = Object.hasOwn(parts, target) ? parts[target] : hunts.get(target);
    return part === undefined ? null : links.to(`${view.path}${part}`);
  };
}
