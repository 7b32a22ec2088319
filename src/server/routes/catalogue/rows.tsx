import { percent, plural, Scroll, Columns, SeverityMark } from "../../../report/index.ts";
import type { PackageView } from "../../package-view.ts";
import { testsPass } from "../detection/coverage.tsx";
import type { PageContext } from "../../parts/frame.tsx";
import { Facet } from "../../parts/filters.tsx";
import { Measured } from "../../parts/measured.tsx";
import { MiniMatrix } from "./mini-matrix.tsx";

/** From so many rows on they are searched and sifted. */
const MANY = 6;

/** Packages in rows. `part`: there are more elsewhere, so that searching these would not find all. */
export function CatalogueRows({ views, place, part = false }: { views: readonly PackageView[]; place: PageContext; part?: boolean }) {
  const tactics = [...new Set(views.flatMap(({ detection }) => detection.meta.attack?.tactic.name ?? []))].sort();
  return (
    <div class="filtered">
      <div class="filters" hidden>
        {part || views.length < MANY ? null : (
          <>
            <input type="search" aria-label="Search the detections" placeholder="Search" />
            <Facet name="tactic" label="Tactic" values={tactics.map(plain)} />
            <output class="soft"></output>
          </>
        )}
      </div>
      <Scroll label="Detections">
        <table class="catalogue stacked">
          <Columns of={["Detection", "Tactic", "Severity", { name: "Rules", number: true }, "Tests by telemetry", "Measured"]} />
          <tbody>
            {views.map((view) => (
              <Row view={view} place={place} />
            ))}
          </tbody>
        </table>
      </Scroll>
    </div>
  );
}

/** Values of a facet are words. */
const plain = (name: string): string => name.replaceAll(" ", "-");

function Row({ view, place }: { view: PackageView; place: PageContext }) {
  const { meta, rules } = view.detection;
  const tactic = meta.attack?.tactic.name ?? "";
  return (
    <tr data-tactic={plain(tactic)}>
      <th scope="row" class="wide">
        <a href={place.links.to(view.path)}>
          <span class="id">{meta.id}</span> {meta.title}
        </a>
        {meta.summary === undefined ? null : <div class="summary">{meta.summary}</div>}
      </th>
      <td>{tactic}</td>
      <td>
        <SeverityMark of={meta.severity} />
      </td>
      <td class="number" data-label="rules">
        {rules.length}
      </td>
      <td>
        <Measured when={view.isMeasured} id={`matrix-${view.id}`} instead="">
          {() => <MiniMatrix tests={view.facts.proof.coverage.tests} />}
        </Measured>
      </td>
      <td>
        <Measured when={view.isMeasured} id={`measured-${view.id}`} instead={<span class="soft">being measured</span>}>
          {() => <Figures view={view} />}
        </Measured>
      </td>
    </tr>
  );
}

function Figures({ view }: { view: PackageView }) {
  const { proof, evasion } = view.facts;
  const tests = proof.coverage.tests;
  return (
    <ul class="plain">
      {tests.length === 0 ? null : (
        <li>
          {tests.filter((t) => t.source.length + t.target.length > 0).length} of {plural(tests.length, "attack")} detected
        </li>
      )}
      <li class={proof.failed === 0 ? "" : "high"}>{testsPass(proof)}</li>
      {evasion.total.trials === 0 ? null : <li>{percent(evasion.total.share)} of attack variants</li>}
    </ul>
  );
}
