/** The rules of all packages in one list. */
import { Columns, plural, Scroll } from "../../../report/index.ts";
import { SEVERITIES, type Rule } from "../../../workbench/index.ts";
import { Facet } from "../../parts/filters.tsx";
import { Frame, type PageContext } from "../../parts/frame.tsx";
import { RuleCells, telemetryOf } from "../../parts/rule-cells.tsx";
import type { PackageView } from "../../package-view.ts";
import { Pages, type Paged } from "./list.tsx";

export interface PackageRule {
  readonly view: PackageView;
  readonly rule: Rule;
}

export function packageRules(views: readonly PackageView[]): PackageRule[] {
  return views.flatMap((view) => view.detection.rules.map((rule) => ({ view, rule })));
}

export function PackageRulesPage({ base, page, place }: { base: string; page: Paged<PackageRule>; place: PageContext }) {
  const rules = page.items;
  const values = (pick: (of: PackageRule) => string | readonly string[]): string[] => [...new Set(rules.flatMap(pick))].sort();
  return (
    <Frame title={page.number === 1 ? "Rules" : `Rules, page ${page.number}`} place={place}>
      <h1>Rules</h1>
      <p class="lead">
        {plural(rules.length, "rule")} {page.of === 1 ? "" : `on page ${page.number} of ${page.of} `}of all packages. Those marked are the
        ones to start with in their package.
      </p>
      <Pages base={base} page={page} place={place} />
      <div class="filtered">
        <div class="filters" hidden>
          <input type="search" aria-label="Search the rules" placeholder="Search names, fields, event ids" />
          <Facet name="package" label="Package" values={values(({ view }) => view.id)} />
          <Facet name="layer" label="Seen on" values={values(({ rule }) => rule.layer ?? [])} />
          <Facet
            name="severity"
            label="Severity"
            values={SEVERITIES.toReversed().filter((severity) => rules.some(({ rule }) => rule.severity === severity))}
          />
          <Facet name="confidence" label="Confidence" values={values(({ rule }) => rule.confidence)} />
          <Facet name="telemetry" label="Telemetry" values={values(({ rule }) => telemetryOf(rule))} />
          <Facet name="status" label="Status" values={values(({ rule }) => rule.lifecycle.status)} />
          <output class="soft"></output>
        </div>
        <Scroll label="Rules">
          <table class="dense stacked">
            <Columns of={["Rule", "Name", "Severity", "Confidence", "Seen on", "Telemetry", { name: "Cases", number: true }]} />
            <tbody>
              {rules.map(({ view, rule }) => (
                <tr
                  data-package={view.id}
                  data-layer={rule.layer ?? ""}
                  data-severity={rule.severity}
                  data-confidence={rule.confidence}
                  data-telemetry={telemetryOf(rule).join(" ")}
                  data-status={rule.lifecycle.status}
                  data-text={[...rule.fields.required, ...rule.data_sources.flatMap(({ events }) => events)].join(" ")}
                >
                  <RuleCells rule={rule} view={view} id={`${view.id} ${rule.id}`} href={place.links.to(`${view.path}rules/${rule.id}/`)} />
                  <td class="number" data-label="cases">
                    {view.detection.cases.filter((c) => c.fires.includes(rule.id) || c.silent.includes(rule.id)).length}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      </div>
    </Frame>
  );
}
