import { INPUT_FORMATS, type Detection } from "../../../workbench/index.ts";
import { Scroll, Columns, SeverityMark, percent } from "../../../report/index.ts";
import { Markdown } from "../../parts/markdown.tsx";
import { Fact, Heading, Tags } from "../../parts/marks.tsx";
import type { PartProps } from "./part.ts";

export function Overview({ view, place }: PartProps) {
  const { meta } = view.detection;
  const { attack } = meta;
  const { proof, evasion, lint, level } = view.facts;
  const tests = proof.coverage.tests;
  const seen = tests.filter((t) => t.source.length + t.target.length > 0).length;
  return (
    <section aria-labelledby="title">
      {attack === undefined ? null : (
        <p class="crumbs">
          <a href={place.links.to(`attack/#${attack.tactic.id}`)}>{attack.tactic.name}</a> <span aria-hidden="true">›</span>{" "}
          <a href={place.links.to(`attack/#${attack.technique.id}`)}>
            {attack.technique.id} {attack.technique.name}
          </a>
          {attack.subtechnique === undefined ? null : (
            <>
              {" "}
              <span aria-hidden="true">›</span> {attack.subtechnique.id}
            </>
          )}
        </p>
      )}
      <h1 id="title">
        <span class="id">{meta.id}</span> {meta.title}
      </h1>
      {meta.summary === undefined ? null : <p class="lead">{meta.summary}</p>}
      <ul class="tiles" aria-label="At a glance">
        <li>
          <b>
            <SeverityMark of={meta.severity} />
          </b>
          severity
        </li>
        <li>
          <b>{meta.confidence}</b>confidence
        </li>
        <li>
          <b>
            <a href="#rules">{view.detection.rules.length}</a>
          </b>
          rules
        </li>
        <li>
          <b>
            <a href="#proof">
              {proof.passed} of {proof.cases.length}
            </a>
          </b>
          cases hold
        </li>
        {tests.length === 0 ? null : (
          <li>
            <b>
              <a href="#tests">
                {seen} of {tests.length}
              </a>
            </b>
            tests seen
          </li>
        )}
        <li>
          <b>
            <a href="#evasion">{percent(evasion.total.share)}</a>
          </b>
          of mutations seen
        </li>
        <li>
          <b>
            <a href="#blind-spots">{lint.errors + lint.warnings}</a>
          </b>
          open lint findings
        </li>
        <li>
          <b>{level.level}</b>level
        </li>
      </ul>
      <div
        id="run-here"
        data-package={view.id}
        data-formats={INPUT_FORMATS}
        data-base={place.links.to("").replace(/index\.html$/, "")}
        class="run-here detection-run"
      >
        <p>
          <strong>Run it here.</strong> Drop logs, archives of logs or a folder on this page: the rules run in your browser.{" "}
          <span class="good">Nothing is uploaded.</span>
        </p>
        <button type="button" class="open-bench" hidden>
          Open the bench
        </button>
        <noscript>
          <p class="soft">
            This needs JavaScript. Without it: <code>tocsin hunt FOLDER</code>.
          </p>
        </noscript>
      </div>
      <dl class="facts" id="overview">
        {attack === undefined ? null : <AttackFacts attack={attack} />}
        <Fact name="D3FEND">{meta.d3fend.length === 0 ? null : meta.d3fend.map((d) => `${d.id} ${d.name}`).join("; ")}</Fact>
        <Fact name="Why this rating">{meta.rating_reason}</Fact>
        <Fact name="At stake">{meta.risk}</Fact>
        <Fact name="Robustness">{meta.robustness}</Fact>
        <dt>Version</dt>
        <dd>
          {[
            meta.version,
            meta.authored === undefined ? "" : `, written ${meta.authored}`,
            meta.reviewed === undefined ? "" : `, reviewed ${meta.reviewed}`,
            meta.license === undefined ? "" : `; ${meta.license}`,
          ].join("")}
        </dd>
      </dl>
      {meta.story === undefined ? null : (
        <>
          <Heading level={2} id="story">
            How it works
          </Heading>
          <Markdown text={meta.story} level={3} prefix="story-" />
        </>
      )}
      <Heading level={2} id="data-sources">
        Data sources
      </Heading>
      {meta.data_sources.length === 0 ? null : (
        <Scroll label="Data sources">
          <table>
            <Columns of={["Collected by", "Yields", "Index patterns", "Set up"]} />
            <tbody>
              {meta.data_sources.map((source) => (
                <tr>
                  <th scope="row">{source.name}</th>
                  <td>{source.yields.join(", ")}</td>
                  <td>
                    {source.index_patterns.length === 0 ? (
                      <span class="soft">none: read as they are</span>
                    ) : (
                      <Tags of={source.index_patterns} />
                    )}
                  </td>
                  <td class="what">{source.setup}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
      <p class="soft">
        What each source writes, event by event, and what a fleet without some of them would miss:{" "}
        <a href={place.links.to("sources/")}>data sources</a>.
      </p>
    </section>
  );
}

function AttackFacts({ attack }: { attack: NonNullable<Detection["meta"]["attack"]> }) {
  const { tactic, technique, subtechnique, detection_strategy: strategy, analytics } = attack;
  const address = `https://attack.mitre.org/techniques/${(subtechnique ?? technique).id.replace(".", "/")}/`;
  return (
    <>
      <dt>Tactic</dt>
      <dd>
        {tactic.name} ({tactic.id})
      </dd>
      <dt>Technique</dt>
      <dd>
        {technique.id} {technique.name}
      </dd>
      <Fact name="Sub-technique">{subtechnique === undefined ? null : `${subtechnique.id} ${subtechnique.name}`}</Fact>
      <dt>Canonical reference</dt>
      <dd>
        <a href={address} rel="noreferrer">
          {address}
        </a>
      </dd>
      <Fact name="Detection strategy">
        {strategy === undefined
          ? null
          : `${strategy.id} ${strategy.name}${analytics.length === 0 ? "" : `; ${analytics.map((a) => `${a.id} ${a.name}`).join(", ")}`}`}
      </Fact>
    </>
  );
}
