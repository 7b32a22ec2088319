/** A rule that belongs to no package: what it says, what each data source can say of it, its proof, and other platforms. */
import { Columns, LogText, plural, Scroll, SeverityMark } from "../../../report/index.ts";
import { PLATFORMS, type RuleCaseResult, type RuleFinding } from "../../../workbench/index.ts";
import { Frame, type PageContext } from "../../parts/frame.tsx";
import { Markdown } from "../../parts/markdown.tsx";
import { Coded, Heading, Tags } from "../../parts/marks.tsx";
import { PlatformTabs } from "../../parts/platforms.tsx";
import { QueryText } from "../../parts/query-text.tsx";
import { techniquesOf, type RuleView } from "../../rule-view.ts";
import { platformText } from "../../platform-list.ts";

interface LooseRulePageProps {
  readonly view: RuleView;
  readonly place: PageContext;
  readonly translated: boolean;
  /** Where the rules of each technique and of each log source are listed. */
  readonly lists: ReadonlyMap<string, string>;
}

export function LooseRulePage({ view, place, translated, lists }: LooseRulePageProps) {
  const { rule, details, lint } = view;
  const { metadata } = details;
  const description = rule.description.trim();
  return (
    <Frame title={rule.name} place={place} description={description.slice(0, 300)}>
      <p class="crumbs">
        <a href={place.links.to("rules/")}>Rules</a> <span aria-hidden="true">›</span>{" "}
        <a href={place.links.to(lists.get(details.group) ?? "rules/")}>{details.group}</a>
      </p>
      <h1>
        <LogText text={rule.name} limit={300} />
      </h1>
      <p class="line">
        <SeverityMark of={rule.severity} /> <span>{details.kind}</span> <span>{details.group}</span> <span>{details.status ?? ""}</span>
      </p>
      {description === "" ? null : <Markdown text={description} level={2} prefix="about-" />}
      <QueryText text={details.text.trim()} language={details.language} label="The rule" />
      <Facts view={view} place={place} lists={lists} />
      <Heading level={2} id="sources">
        What data sources can say of it
      </Heading>
      <Sources view={view} />
      <Findings of={lint.findings} place={place} />
      <Heading level={2} id="cases">
        Cases
      </Heading>
      <Cases of={view.cases} />
      <Heading level={2} id="platforms">
        Other platforms
      </Heading>
      {translated ? (
        <Translations view={view} />
      ) : (
        <p>
          <code>tocsin translate {view.file.split("/").at(-1)} --to all FOLDER</code> writes it in every language that can say it.
        </p>
      )}
      {metadata.guide === "" && metadata.setup === "" ? null : (
        <details>
          <summary>Investigation guide and setup</summary>
          <Markdown text={metadata.guide} level={3} prefix="guide-" />
          <Markdown text={metadata.setup} level={3} prefix="setup-" />
        </details>
      )}
    </Frame>
  );
}

function Facts({ view, place, lists }: Pick<LooseRulePageProps, "view" | "place" | "lists">) {
  const { rule, details, file } = view;
  const { metadata } = details;
  const techniques = techniquesOf(view);
  const rows: readonly (readonly [string, unknown])[] = [
    ["Author", metadata.authors.length === 0 ? null : <LogText text={metadata.authors.join(", ")} limit={500} />],
    ["Licence", metadata.license === "" ? null : <LogText text={metadata.license} limit={200} />],
    ["Changed", metadata.modified === "" ? null : metadata.modified],
    [
      "ATT&CK",
      techniques.length === 0
        ? null
        : techniques.map((id) => (
            <>
              <a href={place.links.to(lists.get(id) ?? "rules/")}>{id}</a>{" "}
            </>
          )),
    ],
    ["Tags", metadata.tags.length === 0 ? null : <Tags of={metadata.tags} />],
    ["Identity", <LogText text={rule.uuid} limit={200} />],
    ["File", <LogText text={file} limit={500} />],
    ["False positives", metadata.falsePositives.length === 0 ? null : <List of={metadata.falsePositives} />],
    ["References", metadata.references.length === 0 ? null : <List of={metadata.references} />],
  ];
  return (
    <dl class="facts">
      {rows
        .filter(([, value]) => value !== null)
        .map(([name, value]) => (
          <>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </>
        ))}
    </dl>
  );
}

/** Addresses of the web are links. */
function List(props: { of: readonly string[] }) {
  return (
    <ul class="plain">
      {props.of.slice(0, 50).map((text) => (
        <li>
          {/^https?:\/\/[^\s"'<>]+$/.test(text) ? (
            <a href={text} rel="noreferrer">
              <LogText text={text} limit={300} />
            </a>
          ) : (
            <LogText text={text} />
          )}
        </li>
      ))}
    </ul>
  );
}

function Sources({ view }: { view: RuleView }) {
  const { sources } = view.lint;
  if (sources.length === 0)
    return <p class="soft">Its events are of no data source that declares what it can produce: only the names of fields are checked.</p>;
  return (
    <ul class="plain">
      {sources.map(({ title, blind }) => (
        <li>
          <b>{title}</b>: {blind === null ? <span class="good">can match</span> : <Coded text={blind} />}
        </li>
      ))}
    </ul>
  );
}

function Findings({ of, place }: { of: readonly RuleFinding[]; place: PageContext }) {
  const shown = of.filter(({ code }) => code !== "blind-source");
  if (shown.length === 0) return null;
  return (
    <ul class="plain">
      {shown.map(({ code, severity, message, place: at }) => (
        <li>
          {severity} in line {at.line}: <Coded text={message} /> <a href={place.links.to(`lint/${code}/`)}>{code}</a>
        </li>
      ))}
    </ul>
  );
}

function Cases({ of }: { of: readonly RuleCaseResult[] }) {
  if (of.length === 0) return <p class="soft">No case proves it.</p>;
  return (
    <Scroll label="Cases">
      <table class="dense">
        <Columns of={["Case", { name: "Events", number: true }, "Expected", { name: "Alerts", number: true }, "Holds"]} />
        <tbody>
          {of.map(({ case: one, events, alerts, failures }) => (
            <tr>
              <th scope="row" class="wide">
                <LogText text={one.name} limit={200} />
              </th>
              <td class="number">{events}</td>
              <td>{one.expect === null ? "at least one alert" : plural(one.expect, "alert")}</td>
              <td class="number">{alerts}</td>
              <td>
                {failures.length === 0 ? (
                  <span class="good">yes</span>
                ) : (
                  <b class="high">no: {failures.map(({ kind }) => kind).join(", ")}</b>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function Translations({ view }: { view: RuleView }) {
  const made = view.translations();
  if (typeof made === "string") return <p class="soft">{made}</p>;
  return <PlatformTabs of={made.map((one) => platformText(one, PLATFORMS[one.platform].title))} name="" />;
}
