import { Columns, Scroll, percent } from "../../../report/index.ts";
import { Facet } from "../../parts/filters.tsx";
import { Measured } from "../../parts/measured.tsx";
import { RuleCells, telemetryOf } from "../../parts/rule-cells.tsx";
import type { PartProps } from "./part.ts";

/** The rules in a table; each has a page of its own. */
export function Rules({ view, place }: PartProps) {
  return (
    <>
      <p>
        Begin with the {view.startWith.length} that are marked: together they detect every test that the rules detect, with the fewest false
        alarms. A rule leads to its query, what it needs, what it cannot see and the tests it is proved by.
      </p>
      <Measured when={view.isMeasured} id="measured" instead={<RuleTable view={view} place={place} measured={false} />}>
        {() => <RuleTable view={view} place={place} measured />}
      </Measured>
    </>
  );
}

function RuleTable({ view, place, measured }: PartProps & { measured: boolean }) {
  const { rules } = view.detection;
  const scores = new Map(measured ? view.facts.evasion.rules.map((score) => [score.rule, score] as const) : []);
  const values = (pick: (rule: (typeof rules)[number]) => readonly string[]): string[] => [...new Set(rules.flatMap(pick))].sort();
  return (
    <div class="filtered">
      <div class="filters" hidden>
        <input type="search" aria-label="Search the rules" placeholder="Search names, fields, event ids" />
        <Facet name="layer" label="Seen on" values={values(({ layer }) => (layer === undefined ? [] : [layer]))} />
        <Facet name="telemetry" label="Telemetry" values={values(telemetryOf)} />
        <output class="soft"></output>
      </div>
      <Scroll label="Rules">
        <table class="dense stacked">
          <Columns
            of={[
              "Rule",
              "Name",
              "Severity",
              "Confidence",
              "Seen on",
              "Telemetry",
              "Detects",
              { name: "Variants detected", number: true, title: "Of the attacks that the rule detects, typed or configured differently" },
              { name: "Robustness", number: true, title: "Summiting the Pyramid: 1 an ephemeral value, 5 core to the technique" },
            ]}
          />
          <tbody>
            {rules.map((rule) => {
              const score = scores.get(rule.id);
              return (
                <tr
                  data-layer={rule.layer ?? ""}
                  data-telemetry={telemetryOf(rule).join(" ")}
                  data-text={[...rule.fields.required, ...rule.data_sources.flatMap(({ events }) => events)].join(" ")}
                >
                  <RuleCells rule={rule} view={view} id={rule.id} href={place.links.to(`${view.path}rules/${rule.id}/`)} />
                  <td data-label="detects">
                    {(measured ? view.testsOf(rule.id) : rule.tests).join(" ") || <span class="soft">no test alone</span>}
                  </td>
                  <td class="number" data-label="variants">
                    {score === undefined || score.trials === 0 ? "" : percent(score.share)}
                  </td>
                  <td class="number" data-label="robustness">
                    {rule.robustness?.level ?? ""}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Scroll>
    </div>
  );
}
