/** The lists of rules that belong to no package: by log source, by technique, all, and those that do not run. Each page holds so many rows. */
import { Columns, count, LogText, plural, Scroll, SeverityMark } from "../../../report/index.ts";
import { attack, SEVERITIES, type RuleProblem } from "../../../workbench/index.ts";
import { Frame, type PageContext } from "../../parts/frame.tsx";
import { Heading } from "../../parts/marks.tsx";
import { techniquesOf, type RuleGroup, type RuleView } from "../../rule-view.ts";
import { Facet } from "../../parts/filters.tsx";

/** Rows of a page: a list of thousands would take long to open and to search. */
const ROWS = 500;

export interface Paged<T> {
  readonly path: string;
  readonly items: readonly T[];
  /** From 1. */
  readonly number: number;
  readonly of: number;
}

/** The pages of a list: the first at `path`, the others at a number below it. */
export function paged<T>(path: string, items: readonly T[]): Paged<T>[] {
  const of = Math.max(1, Math.ceil(items.length / ROWS));
  return Array.from({ length: of }, (_, i) => ({
    path: i === 0 ? path : `${path}${i + 1}/`,
    items: items.slice(i * ROWS, (i + 1) * ROWS),
    number: i + 1,
    of,
  }));
}

interface RulesPageProps {
  readonly views: readonly RuleView[];
  readonly sources: readonly RuleGroup[];
  readonly techniques: readonly RuleGroup[];
  readonly problems: readonly RuleProblem[];
  readonly place: PageContext;
}

export function RulesPage({ views, sources, techniques, problems, place }: RulesPageProps) {
  const proved = views.filter(({ cases }) => cases.length > 0).length;
  const names = new Map(attack().techniques.map(({ id, name }) => [id, name]));
  return (
    <Frame title="Rules" place={place} description="The rules that were loaded, by log source and by technique.">
      <h1>Rules</h1>
      <p class="lead">
        {plural(views.length, "rule")} of no package, {count(proved)} with cases. They are shown as their authors wrote them, under their
        own licences. <a href={place.links.to("rules/all/")}>All of them in one list</a>
        {problems.length === 0 ? null : (
          <>
            ; <a href={place.links.to("rules/not-run/")}>{plural(problems.length, "problem")}</a> with what does not run
          </>
        )}
        .
      </p>
      <Heading level={2} id="sources">
        By what they look at
      </Heading>
      <GroupTable of={sources} label="Log sources and types" place={place} name={() => null} />
      <Heading level={2} id="techniques">
        By technique
      </Heading>
      <GroupTable of={techniques} label="Techniques" place={place} name={(id) => names.get(id) ?? null} />
    </Frame>
  );
}

function GroupTable(props: { of: readonly RuleGroup[]; label: string; place: PageContext; name: (title: string) => string | null }) {
  return (
    <div class="filtered">
      <div class="filters" hidden>
        <input type="search" aria-label={`Search: ${props.label}`} placeholder="Search" />
        <output class="soft"></output>
      </div>
      <Scroll label={props.label}>
        <table class="dense">
          <Columns
            of={[props.label, { name: "Rules", number: true }, ...SEVERITIES.toReversed().map((name) => ({ name, number: true as const }))]}
          />
          <tbody>
            {props.of.map(({ title, path, rules }) => (
              <tr>
                <th scope="row">
                  <a href={props.place.links.to(path)}>{title}</a> {props.name(title) ?? ""}
                </th>
                <td class="number">{rules.length}</td>
                {SEVERITIES.toReversed().map((severity) => (
                  <td class="number">{rules.filter(({ rule }) => rule.severity === severity).length || ""}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </div>
  );
}

export function RuleListPage(props: { title: string; base: string; page: Paged<RuleView>; place: PageContext }) {
  const { title, page, place } = props;
  const values = (pick: (view: RuleView) => readonly string[]): string[] => [...new Set(page.items.flatMap(pick))].sort();
  return (
    <Frame title={`Rules: ${title}`} place={place}>
      <p class="crumbs">
        <a href={place.links.to("rules/")}>Rules</a> <span aria-hidden="true">›</span> {title}
      </p>
      <h1>{title}</h1>
      <Pages base={props.base} page={page} place={place} />
      <div class="filtered">
        <div class="filters" hidden>
          <input type="search" aria-label="Search the rules" placeholder="Search" />
          <Facet
            name="severity"
            label="Severity"
            values={SEVERITIES.toReversed().filter((severity) => page.items.some(({ rule }) => rule.severity === severity))}
          />
          <Facet name="technique" label="Technique" values={values(techniquesOf)} />
          <Facet name="kind" label="Kind" values={values(({ details }) => [details.kind.replaceAll(" ", "-")])} />
          <output class="soft"></output>
        </div>
        <Scroll label="Rules">
          <table class="dense">
            <Columns of={["Rule", "Severity", "Looks at", "Techniques", { name: "Cases", number: true }]} />
            <tbody>
              {page.items.map((view) => (
                <tr
                  data-severity={view.rule.severity}
                  data-technique={techniquesOf(view).join(" ")}
                  data-kind={view.details.kind.replaceAll(" ", "-")}
                >
                  <th scope="row" class="wide">
                    <a href={place.links.to(view.path)}>
                      <LogText text={view.rule.name} limit={300} />
                    </a>
                  </th>
                  <td>
                    <SeverityMark of={view.rule.severity} />
                  </td>
                  <td>{view.details.group}</td>
                  <td>{techniquesOf(view).join(" ")}</td>
                  <td class="number">{view.cases.length === 0 ? "" : casesText(view)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      </div>
    </Frame>
  );
}

function casesText({ cases }: RuleView): string {
  const held = cases.filter(({ failures }) => failures.length === 0).length;
  return held === cases.length ? String(held) : `${held} of ${cases.length}`;
}

/** Why rules do not run, or not as they are written. */
export function NotRunPage(props: { base: string; page: Paged<RuleProblem>; place: PageContext }) {
  const { page, place } = props;
  return (
    <Frame title="What does not run" place={place}>
      <p class="crumbs">
        <a href={place.links.to("rules/")}>Rules</a> <span aria-hidden="true">›</span> What does not run
      </p>
      <h1>What does not run</h1>
      <p>Errors keep a rule from running; warnings say what of it is not as its author has it.</p>
      <Pages base={props.base} page={page} place={place} />
      <Scroll label="Problems">
        <table class="dense">
          <Columns of={["Where", "Rule", "Severity", "Why"]} />
          <tbody>
            {page.items.map(({ place: at, rule, severity, message, help }) => (
              <tr>
                <td>
                  <LogText text={`${at.file}:${at.line}`} limit={300} />
                </td>
                <td>
                  <LogText text={rule ?? ""} limit={200} />
                </td>
                <td>{severity}</td>
                <td class="what">
                  <LogText text={help === null ? message : `${message}. ${help}`} limit={600} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </Frame>
  );
}

/** Links to the other pages of a list. */
export function Pages<T>(props: { base: string; page: Paged<T>; place: PageContext }) {
  const { number, of } = props.page;
  if (of === 1) return null;
  return (
    <nav class="line links" aria-label="Pages of this list">
      {Array.from({ length: of }, (_, i) => {
        const path = i === 0 ? props.base : `${props.base}${i + 1}/`;
        return (
          <a href={props.place.links.to(path)} {...(i + 1 === number ? { "aria-current": "page" as const } : {})}>
            {i + 1}
          </a>
        );
      })}
    </nav>
  );
}
