import { Scroll, Columns } from "../../../report/index.ts";
/** The parts that are written, not measured. */
import type { Child } from "hono/jsx";
import type { Detection, Rule } from "../../../workbench/index.ts";
import { CodeText, EqlText } from "../../parts/eql.tsx";
import { Heading, RuleLinks, Tags } from "../../parts/marks.tsx";
import { Markdown } from "../../parts/markdown.tsx";
import type { PackageView } from "../../package-view.ts";
import type { PartProps } from "./part.ts";

type Exception = Detection["tuning"]["exceptions"][number];

export function FalsePositives({ view, place }: PartProps) {
  const exceptions = new Map(view.detection.tuning.exceptions.map((e) => [e.id, e]));
  const rows = new Map<string, { scenario: string; tell: string; exception: string | null; rules: string[] }>();
  for (const rule of view.detection.rules)
    for (const { scenario, tell, exception } of rule.false_positives) {
      const key = `${scenario}|${tell}|${exception ?? ""}`;
      const known = rows.get(key) ?? { scenario, tell, exception, rules: [] };
      known.rules.push(rule.id);
      rows.set(key, known);
    }
  return (
    <section aria-labelledby="false-positives">
      <Heading level={2} id="false-positives">
        False positives and exclusions
      </Heading>
      <p>
        An exclusion is a source and an account and an artefact, or it is not one. Each is proved by a case that it silences, and no case of
        an attack is silenced by any.
      </p>
      <Scroll label="False positives">
        <table>
          <Columns of={["What happens", "Rules", "How to tell it from an attack", "Exclusion"]} />
          <tbody>
            {[...rows.values()].map((row) => (
              <tr>
                <th scope="row" class="wide">
                  {row.scenario}
                </th>
                <td>
                  <RuleLinks rules={row.rules} of={view.id} links={place.links} />
                </td>
                <td class="what">{row.tell}</td>
                <td class="name">
                  {row.exception !== null && exceptions.has(row.exception) ? (
                    <a href={`#exception-${row.exception}`}>{row.exception}</a>
                  ) : (
                    <span class="soft">none: a person decides</span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}

export function Tests({ view, place }: PartProps) {
  const { tests } = view.detection;
  const measured = new Map(view.facts.proof.coverage.tests.map((t) => [t.test, t]));
  return (
    <section aria-labelledby="tests">
      <Heading level={2} id="tests">
        Tests
      </Heading>
      <p class="prose">{tests.note}</p>
      <p class="notice">Run these only on machines you own or are asked to test.</p>
      {tests.tests.map((test) => {
        const seen = measured.get(test.id);
        return (
          <section class="card" aria-labelledby={test.id}>
            <Heading level={3} id={test.id}>
              <span class="id">{test.id}</span> {test.title}
            </Heading>
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
            <div class="columns">
              <Command title="Over the network" of={test.remote} />
              {test.loopback === undefined ? null : <Command title="Over loopback, in a lab" of={test.loopback} />}
            </div>
            <Scroll label={`${test.id}: expected signals`}>
              <table>
                <Columns of={["Side", "Expected signal", "Tells", "The published page says"]} />
                <tbody>
                  {test.signals.map((signal) => (
                    <tr>
                      <td>{signal.side}</td>
                      <th scope="row">{signal.event}</th>
                      <td class="what">{signal.tells}</td>
                      <td class="soft">{signal.claimed ?? ""}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </Scroll>
            {seen === undefined ? null : (
              <p class="small">
                Caught, as measured: on the source by <RuleLinks rules={seen.source} of={view.id} links={place.links} none="no rule" />; on
                the target by <RuleLinks rules={seen.target} of={view.id} links={place.links} none="no rule" />. Cases:{" "}
                {seen.cells
                  .flatMap((cell) => cell.cases)
                  .map((name, i) => (
                    <>
                      {i === 0 ? "" : ", "}
                      <a href={place.links.to(`${view.path}cases/${name}/`)}>{name}</a>
                    </>
                  ))}
              </p>
            )}
          </section>
        );
      })}
    </section>
  );
}

function Command(props: { title: string; of: { readonly command: string; readonly cleanup: string } }) {
  return (
    <div>
      <h4>{props.title}</h4>
      <CodeText text={props.of.command} label={`${props.title}: command`} />
      <p class="label">Clean up</p>
      <CodeText text={props.of.cleanup} label={`${props.title}: clean up`} />
    </div>
  );
}

export function Hunting({ view }: PartProps) {
  return (
    <section aria-labelledby="hunting">
      <Heading level={2} id="hunting">
        Hunting queries
      </Heading>
      {view.detection.hunts.map((hunt) => (
        <section class="card" aria-labelledby={hunt.id}>
          <Heading level={3} id={hunt.id}>
            <span class="id">{hunt.id}</span> {hunt.name}
          </Heading>
          <p>{hunt.hypothesis}</p>
          {hunt.language === "eql" ? (
            <EqlText text={hunt.query} label={`${hunt.id}: EQL`} />
          ) : (
            <CodeText text={hunt.query} label={`${hunt.id}: ES|QL`} />
          )}
          <dl class="facts">
            <dt>Language</dt>
            <dd>{hunt.language === "eql" ? "EQL" : "ES|QL"}</dd>
            <dt>Needs</dt>
            <dd>{hunt.needs.join("; ")}</dd>
            <dt>How to read it</dt>
            <dd>{hunt.read}</dd>
          </dl>
        </section>
      ))}
    </section>
  );
}

export function Guide({ view, place }: PartProps) {
  return (
    <section aria-labelledby="guide">
      <Heading level={2} id="guide">
        Investigation guide
      </Heading>
      <Markdown text={view.detection.guide} level={2} prefix="guide-" skipTitle link={packageLink(view, place.links)} />
    </section>
  );
}

/** Links of a package's documents to each other. */
function packageLink(view: PackageView, links: PartProps["place"]["links"]): (target: string) => string | null {
  const parts: Readonly<Record<string, string>> = {
    "guide.md": "#guide",
    "playbook.md": "#playbook",
    "tuning.yaml": "#tuning",
    "tests.yaml": "#tests",
  };
  const hunts = new Map(view.detection.hunts.map(({ id }) => [`hunts/${id}.yaml`, `#${id}`]));
  return (target) => {
    const part = Object.hasOwn(parts, target) ? parts[target] : hunts.get(target);
    return part === undefined ? null : links.to(`${view.path}${part}`);
  };
}

export function Playbook({ view, place }: PartProps) {
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
      <p class="soft">Ticks stay in this browser.</p>
      <Markdown text={view.detection.playbook} level={2} prefix="playbook-" skipTitle item={item} link={packageLink(view, place.links)} />
    </section>
  );
}

export function Tuning({ view, place }: PartProps) {
  const { tuning } = view.detection;
  return (
    <section aria-labelledby="tuning">
      <Heading level={2} id="tuning">
        Tuning
      </Heading>
      <p>
        Exceptions are code (<code>tuning.yaml</code>): the values are a lab's, replace them with yours. All three parts must match; one
        that has expired is not applied.
      </p>
      <Heading level={3} id="recipes">
        What to combine, by system
      </Heading>
      <Scroll label="Tuning by system">
        <table>
          <Columns of={["System", "What it does", "Combine", "Never"]} />
          <tbody>
            {tuning.recipes.map((recipe) => (
              <tr>
                <th scope="row" class="wide">
                  {recipe.system}
                </th>
                <td class="what">{recipe.rule_of_thumb}</td>
                <td class="what">{recipe.combine.join(" + ")}</td>
                <td class="what">{recipe.never ?? ""}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <Heading level={3} id="exceptions">
        Exceptions
      </Heading>
      {tuning.exceptions.length === 0 ? <p>None.</p> : null}
      {tuning.exceptions.map((exception) => (
        <ExceptionPart exception={exception} view={view} place={place} />
      ))}
      <Heading level={3} id="lists">
        Lists
      </Heading>
      <Scroll label="Lists of management hosts and service accounts">
        <table class="dense">
          <Columns of={["List", "Why", "Owner", "Entries"]} />
          <tbody>
            {(["management_hosts", "service_accounts"] as const).flatMap((kind) =>
              Object.entries(tuning[kind]).map(([name, list]) => (
                <tr>
                  <td class="name">
                    <code>
                      @{kind}.{name}
                    </code>
                  </td>
                  <td>{list.why}</td>
                  <td>{list.owner}</td>
                  <td class="what">
                    {list.entries.map((entry) => (
                      <div>
                        <code>{entry.value}</code> <span class="soft">{entry.note}</span>
                      </div>
                    ))}
                  </td>
                </tr>
              )),
            )}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}

function ExceptionPart({ exception, view, place }: PartProps & { exception: Exception }) {
  const cases = view.facts.proof.cases.filter((c) => c.excepted.some((e) => e.by === exception.id));
  return (
    <details class="exception" id={`exception-${exception.id}`}>
      <summary>
        {exception.title} <span class="soft">{exception.rules.join(" ")}</span>
      </summary>
      <dl class="facts">
        <dt>Rules</dt>
        <dd>
          <RuleLinks rules={exception.rules} of={view.id} links={place.links} />
        </dd>
        {(["source", "account", "artefact"] as const).map((part) => (
          <>
            <dt>{part}</dt>
            <dd>
              {Object.entries(exception[part]).map(([field, values]) => (
                <div>
                  <code>{field}</code> is <Tags of={values} />
                </div>
              ))}
            </dd>
          </>
        ))}
        <dt>Why</dt>
        <dd>{exception.reason}</dd>
        <dt>Owner</dt>
        <dd>
          {exception.owner}; since {exception.created}, until {exception.expires}
        </dd>
        <dt>Shown by</dt>
        <dd>
          {cases.map(({ case: c }, i) => (
            <>
              {i === 0 ? "" : ", "}
              <a href={place.links.to(`${view.path}cases/${c.name}/`)}>{c.name}</a>
            </>
          ))}
        </dd>
      </dl>
    </details>
  );
}

export function Related({ view, place }: PartProps) {
  const phases = { before: "Before it", with: "With it", after: "After it" } as const;
  return (
    <section aria-labelledby="related">
      <Heading level={2} id="related">
        Related
      </Heading>
      {(["before", "with", "after"] as const).map((phase) => {
        const of = view.detection.meta.related.filter((r) => r.phase === phase);
        if (of.length === 0) return null;
        return (
          <>
            <h3>{phases[phase]}</h3>
            <ul class="related">
              {of.map((related) => (
                <li>
                  <a
                    href={place.links.to(
                      place.packages.has(related.technique) ? `detections/${related.technique}/` : `attack/#${related.technique}`,
                    )}
                  >
                    {related.technique}
                  </a>{" "}
                  <b>{related.name}</b>. {related.why}
                  {related.query === undefined ? null : <EqlText text={related.query} label={`${related.name}: EQL`} />}
                </li>
              ))}
            </ul>
          </>
        );
      })}
    </section>
  );
}

export function Corrections({ view }: PartProps) {
  const { page } = view.detection.meta;
  if (page === undefined) return null;
  return (
    <section aria-labelledby="corrections">
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
    </section>
  );
}

export function References({ view }: PartProps) {
  const all = new Map<string, string>();
  const add = (reference: Rule["references"][number]): void => {
    const [url, title] = typeof reference === "string" ? [reference, undefined] : [reference.url, reference.title];
    if (!all.has(url)) all.set(url, title ?? url);
  };
  for (const reference of view.detection.meta.references) add(reference);
  for (const rule of view.detection.rules) for (const reference of rule.references) add(reference);
  return (
    <section aria-labelledby="references">
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
    </section>
  );
}

export function Changelog({ view }: PartProps) {
  return (
    <section aria-labelledby="changelog">
      <Heading level={2} id="changelog">
        Changelog
      </Heading>
      <Markdown text={view.detection.changelog} level={2} prefix="changelog-" skipTitle />
    </section>
  );
}
