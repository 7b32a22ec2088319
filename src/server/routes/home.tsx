import { Scroll, Columns, SeverityMark, plural } from "../../report/index.ts";
import { UTC } from "../../workbench/index.ts";
import { Frame, type PageContext } from "../parts/frame.tsx";

import type { PackageView } from "../package-view.ts";
import type { SiteState } from "../state.ts";
import { AlertsSummary } from "../parts/alerts.tsx";
import { Facet } from "./cases.tsx";

export function HomePage({ views, state, place }: { views: readonly PackageView[]; state: SiteState; place: PageContext }) {
  const rules = views.flatMap((view) => view.detection.rules);
  const cases = views.reduce((sum, view) => sum + view.detection.cases.length, 0);
  return (
    <Frame
      title="Tocsin"
      place={place}
      description="Detections that are run, proved, translated and shown where they are blind: a catalogue made from the packages themselves."
    >
      <h1>Detections, proved</h1>
      {views.length === 0 ? null : (
        <p class="lead">
          {plural(views.length, "package")}, {plural(rules.length, "rule")}, {plural(cases, "case")} that say what each rule sees and what
          it does not. Everything on these pages is made from the packages and from what their cases show.
        </p>
      )}
      {state.rules === null ? null : (
        <p>
          <a href={place.links.to("rules/")}>
            {plural(state.rules.set.rules.length + state.rules.set.correlations.length, "rule")} of no package
          </a>{" "}
          are listed by what they look at and by technique.
        </p>
      )}
      {state.hunt === null ? null : (
        <AlertsSummary hunt={state.hunt} zone={state.zone ?? UTC} synthetic={state.synthetic} links={place.links} />
      )}
      {views.length === 0 ? null : <Packages views={views} place={place} />}
    </Frame>
  );
}

/** The packages, and all their rules in one table. */
function Packages({ views, place }: { views: readonly PackageView[]; place: PageContext }) {
  const rules = views.flatMap((view) => view.detection.rules.map((rule) => ({ view, rule })));
  const values = (pick: (of: (typeof rules)[number]) => string | readonly string[]) => [...new Set(rules.flatMap(pick))].sort();
  return (
    <>
      <h2 id="detections">Packages</h2>
      <ul class="packages">
        {views.map((view) => (
          <PackageCard view={view} place={place} />
        ))}
      </ul>
      <h2 id="rules">Rules</h2>
      <div class="filtered">
        <div class="filters" hidden>
          <input type="search" aria-label="Search the rules" placeholder="Search names, queries, fields, event ids" />
          <Facet name="package" label="Package" values={values(({ view }) => [view.id])} />
          <Facet name="layer" label="Layer" values={values(({ rule }) => rule.layer ?? [])} />
          <Facet
            name="severity"
            label="Severity"
            values={["critical", "high", "medium", "low", "informational"].filter((s) => rules.some(({ rule }) => rule.severity === s))}
          />
          <Facet name="confidence" label="Confidence" values={values(({ rule }) => [rule.confidence])} />
          <Facet name="telemetry" label="Telemetry" values={values(({ rule }) => rule.data_sources.map((d) => d.source))} />
          <Facet name="test" label="Catches" values={values(({ view, rule }) => view.testsOf(rule.id))} />
          <Facet name="status" label="Status" values={values(({ rule }) => [rule.lifecycle.status])} />
          <output class="soft"></output>
        </div>
        <Scroll label="Rules">
          <table class="dense">
            <Columns of={["Rule", "Name", "Layer", "Severity", "Confidence", "Telemetry", "Catches", { name: "Cases", number: true }]} />
            <tbody>
              {rules.map(({ view, rule }) => {
                const telemetry = [...new Set(rule.data_sources.map((d) => d.source))];
                const tests = view.testsOf(rule.id);
                return (
                  <tr
                    data-package={view.id}
                    data-layer={rule.layer ?? ""}
                    data-severity={rule.severity}
                    data-confidence={rule.confidence}
                    data-telemetry={telemetry.join(" ")}
                    data-test={tests.join(" ")}
                    data-status={rule.lifecycle.status}
                    data-text={`${rule.description ?? ""} ${rule.query} ${rule.data_sources.flatMap((d) => d.events).join(" ")}`.replaceAll(
                      /\s+/g,
                      " ",
                    )}
                  >
                    <td>
                      <a class="rule" href={place.links.to(`${view.path}#${rule.id}`)}>
                        {view.id} {rule.id}
                      </a>
                    </td>
                    <th scope="row">{rule.name}</th>
                    <td>{rule.layer ?? ""}</td>
                    <td>
                      <SeverityMark of={rule.severity} />
                    </td>
                    <td>{rule.confidence}</td>
                    <td>{telemetry.join(" ")}</td>
                    <td>{tests.join(" ")}</td>
                    <td class="number">
                      {view.detection.cases.filter((c) => c.fires.includes(rule.id) || c.silent.includes(rule.id)).length}
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </Scroll>
      </div>
    </>
  );
}

function PackageCard({ view, place }: { view: PackageView; place: PageContext }) {
  const { meta } = view.detection;
  const { proof } = view.facts;
  const tests = proof.coverage.tests;
  return (
    <li class="card">
      <h3>
        <a href={place.links.to(view.path)}>
          <span class="id">{meta.id}</span> {meta.title}
        </a>
      </h3>
      <p class="line">
        <SeverityMark of={meta.severity} /> {meta.attack === undefined ? null : <span>{meta.attack.tactic.name}</span>}{" "}
        <span>{plural(view.detection.rules.length, "rule")}</span>{" "}
        <span>
          {proof.passed} of {proof.cases.length} cases hold
        </span>{" "}
        {tests.length === 0 ? null : (
          <span>
            {tests.filter((t) => t.source.length + t.target.length > 0).length} of {tests.length} tests seen
          </span>
        )}{" "}
        <span>{view.facts.level.level}</span>
      </p>
      {meta.summary === undefined ? null : <p>{meta.summary}</p>}
    </li>
  );
}
