/** What the site is and where to begin. */
import { percent, plural } from "../../report/index.ts";
import { CatalogueRows } from "./catalogue/rows.tsx";
import { Frame, type PageContext } from "../parts/frame.tsx";
import { Measured } from "../parts/measured.tsx";
import type { PackageView } from "../package-view.ts";
import type { SiteState } from "../state.ts";

/** Packages that are listed here; all are on Detections. */
const MOST = 10;

export function HomePage({ views, state, place }: { views: readonly PackageView[]; state: SiteState; place: PageContext }) {
  return (
    <Frame
      title="Tocsin: detections tested against recorded attacks"
      place={place}
      description="Detections tested against recorded attacks: queries for your platform, what each catches and misses, and what to do when it fires."
      class="home"
    >
      <h1>Detections tested against recorded attacks</h1>
      <p class="lead">
        Queries for the platform you have, what each of them catches and misses as measured, and what to do when it fires. Run them on your
        own logs, here, without uploading anything.
      </p>
      <p class="actions">
        <button type="button" class="open-search" hidden>
          Search rules, fields, event ids, techniques <kbd>Ctrl K</kbd>
        </button>{" "}
        <a class="action" href={place.links.to("run/")}>
          Drop my logs
        </a>{" "}
        {state.hunt === null && state.example === undefined ? null : (
          <a class="action" href={place.links.to(state.hunt === null ? "run/#example" : "alerts/")}>
            {state.hunt === null || state.synthetic ? "See an example incident" : "See the alerts"}
          </a>
        )}
      </p>
      {views.length === 0 ? null : (
        <>
          <Measured when={views.every(({ isMeasured }) => isMeasured)} id="figures">
            {() => <Figures views={views} />}
          </Measured>
          <h2 id="detections">Detections</h2>
          <CatalogueRows views={views.slice(0, MOST)} place={place} part={views.length > MOST} />
          {views.length > MOST ? (
            <p>
              <a href={place.links.to("detections/")}>All {views.length} detections</a>
            </p>
          ) : null}
        </>
      )}
      <p class="soft">
        {views.length === 0 ? null : (
          <>
            <a href={place.links.to("detections/rules/")}>
              {plural(
                views.reduce((sum, view) => sum + view.detection.rules.length, 0),
                "rule",
              )}
            </a>{" "}
            in one list.{" "}
          </>
        )}
        {state.rules === null ? null : (
          <>
            <a href={place.links.to("rules/")}>
              {plural(state.rules.set.rules.length + state.rules.set.correlations.length, "rule")} of no package
            </a>{" "}
            by what they look at and by technique.
          </>
        )}
      </p>
    </Frame>
  );
}

function Figures({ views }: { views: readonly PackageView[] }) {
  const sum = (of: (view: PackageView) => number): number => views.reduce((total, view) => total + of(view), 0);
  const tests = sum((view) => view.facts.proof.coverage.tests.length);
  const seen = sum((view) => view.facts.proof.coverage.tests.filter((t) => t.source.length + t.target.length > 0).length);
  const trials = sum((view) => view.facts.evasion.total.trials);
  const detected = sum((view) => view.facts.evasion.total.detected);
  const cases = sum((view) => view.facts.proof.cases.length);
  return (
    <ul class="tiles" aria-label="As measured">
      {tests === 0 ? null : (
        <li>
          <b>
            {seen} of {tests}
          </b>
          attacks detected
        </li>
      )}
      <li>
        <b>
          {sum((view) => view.facts.proof.passed)} of {cases}
        </b>
        tests pass
      </li>
      {trials === 0 ? null : (
        <li>
          <b>{percent(detected / trials)}</b>of attack variants detected
        </li>
      )}
    </ul>
  );
}
