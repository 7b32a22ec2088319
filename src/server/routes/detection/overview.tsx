/** What somebody needs of a detection in the first minute; everything else is a page away. */
import { INPUT_FORMATS } from "../../../workbench/index.ts";
import { Columns, listText, percent, plural, Scroll, SeverityMark } from "../../../report/index.ts";
import { Heading, RuleLinks, sentence, Tags } from "../../parts/marks.tsx";
import { Measured } from "../../parts/measured.tsx";
import { missesText, testsPass } from "./coverage.tsx";
import { GetQuery } from "./get-query.tsx";
import { MISS_KINDS, MissTitle } from "./misses.tsx";
import { pagesOf } from "./frame.tsx";
import type { PartProps } from "./part.ts";
import { falsePositives } from "./tune.tsx";

export function Overview({ view, place }: PartProps) {
  const { meta } = view.detection;
  return (
    <>
      <MovedAnchors view={view} />
      {meta.summary === undefined ? null : <p class="lead">{meta.summary}</p>}
      <p class="line rating">
        <span>
          <SeverityMark of={meta.severity} /> severity
        </span>{" "}
        <span>
          <b>{meta.confidence}</b> confidence
        </span>{" "}
        <AttackNames view={view} />
      </p>
      <GetQuery view={view} place={place} />
      <div class="halves">
        <Measured when={view.isMeasured} id="detects">
          {() => <Detects view={view} place={place} />}
        </Measured>
        <div>
          <StartWith view={view} place={place} />
        </div>
      </div>
      <div class="halves">
        <WhenItFires view={view} place={place} />
        <FalseAlarms view={view} place={place} />
      </div>
      <TryIt view={view} place={place} />
      <DataSources view={view} place={place} />
    </>
  );
}

/** Where the old one-page description had its parts: `islands/moved-anchors.ts` leads links to them on. */
function MovedAnchors({ view }: { view: PartProps["view"] }) {
  const { rules, tests, hunts } = view.detection;
  const ids = (of: readonly { readonly id: string }[]): string => of.map(({ id }) => id).join(" ");
  return <div id="moved-anchors" hidden data-rules={ids(rules)} data-tests={ids(tests.tests)} data-hunts={ids(hunts)}></div>;
}

function AttackNames({ view }: { view: PartProps["view"] }) {
  const { attack } = view.detection.meta;
  if (attack === undefined) return null;
  const { tactic, technique, subtechnique } = attack;
  const address = attackAddress((subtechnique ?? technique).id);
  return (
    <>
      <span>
        {tactic.name} ({tactic.id})
      </span>{" "}
      <span>
        {technique.id} {technique.name}
      </span>{" "}
      {subtechnique === undefined ? null : (
        <span>
          {subtechnique.id} {subtechnique.name}
        </span>
      )}{" "}
      <a href={address} rel="noreferrer">
        {address.replace("https://", "").replace(/\/$/, "")}
      </a>
    </>
  );
}

/** The page of a technique at MITRE. */
export function attackAddress(technique: string): string {
  return `https://attack.mitre.org/techniques/${technique.replace(".", "/")}/`;
}

/** Misses that are named here; all are on Coverage. */
const MOST_MISSES = 3;

function Detects({ view, place }: PartProps) {
  const { proof, evasion } = view.facts;
  const tests = proof.coverage.tests;
  const seen = tests.filter((t) => t.source.length + t.target.length > 0);
  const missed = tests.filter((t) => t.source.length + t.target.length === 0);
  return (
    <section aria-labelledby="catches">
      <Heading level={2} id="catches">
        What it catches and misses
      </Heading>
      <ul class="verdicts">
        {tests.length === 0 ? null : (
          <li class={missed.length === 0 ? "caught" : "missed"}>
            <b>
              {seen.length} of {plural(tests.length, "attack")} detected
            </b>
            : {tests.map((t) => t.title).join("; ")}
          </li>
        )}
        <li class={proof.failed === 0 ? "caught" : "missed"}>
          <b>{testsPass(proof)}</b>, ordinary work among them
        </li>
        <li class={evasion.total.share > 0.9 ? "caught" : "missed"}>
          <b>Detects {percent(evasion.total.share)} of attack variants</b>
        </li>
        {view.misses.slice(0, MOST_MISSES).map((miss) => (
          <li class="missed">
            <span class="soft">{MISS_KINDS[miss.kind]}:</span> <MissTitle of={miss} />
          </li>
        ))}
      </ul>
      <p class="soft">
        {missesText(view)} <a href={place.links.to(`${view.path}coverage/#misses`)}>What is missed, and why</a>
      </p>
    </section>
  );
}

function StartWith({ view, place }: PartProps) {
  if (view.startWith.length === 0) return null;
  return (
    <section aria-labelledby="start-with">
      <Heading level={2} id="start-with">
        Turn these on first
      </Heading>
      <ol class="start-list">
        {view.startWith.map((rule) => (
          <li>
            <a href={place.links.to(`${view.path}rules/${rule.id}/`)}>
              <span class="id">{rule.id}</span> {rule.name}
            </a>{" "}
            <SeverityMark of={rule.severity} />
            <div class="soft">
              {rule.tests.length === 0 ? "" : `detects ${rule.tests.join(", ")}; `}
              needs{" "}
              {[...new Set(rule.data_sources.map(({ source, events }) => `${source} ${events.join(", ")}`.trim()))].join(" or ") ||
                "what its query names"}
            </div>
          </li>
        ))}
      </ol>
      <p class="soft">
        Single rules: see <a href={place.links.to(`${view.path}rules/`)}>Rules</a>. Platforms: see{" "}
        <a href={place.links.to(`${view.path}deploy/`)}>Deploy</a>.
      </p>
    </section>
  );
}

function WhenItFires({ view, place }: PartProps) {
  const pages = pagesOf(view.detection);
  const systems = view.detection.tuning.recipes.map(({ system }) => system);
  const to = (path: string): string => place.links.to(`${view.path}${path}`);
  return (
    <section aria-labelledby="when-it-fires">
      <Heading level={2} id="when-it-fires">
        When it fires: three questions
      </Heading>
      <ol>
        <li>
          <b>Source:</b> is it a machine that does this as its work?
        </li>
        <li>
          <b>Account:</b> is it the one that is registered for that machine?
        </li>
        <li>
          <b>Artefact:</b> is the file, service or command that product's?
        </li>
      </ol>
      <p>
        Three times yes{systems.length === 0 ? "" : ` (${listText(systems, 4)})`}: a known false positive
        {pages.includes("tune/") ? (
          <>
            , <a href={to("tune/")}>exclude it</a>
          </>
        ) : null}
        . Once no: {pages.includes("respond/") ? <a href={to("respond/")}>the first five minutes</a> : "look closer"}.
      </p>
    </section>
  );
}

/** Scenarios that are named here; all are on Tune. */
const MOST_SCENARIOS = 4;

function FalseAlarms({ view, place }: PartProps) {
  const all = falsePositives(view.detection);
  if (all.length === 0) return <div></div>;
  return (
    <section aria-labelledby="false-positives">
      <Heading level={2} id="false-positives">
        False positives
      </Heading>
      <ul>
        {all.slice(0, MOST_SCENARIOS).map(({ scenario, rules }) => (
          <li>
            {sentence(scenario)} <RuleLinks rules={rules.slice(0, 3)} of={view.id} links={place.links} />
          </li>
        ))}
      </ul>
      <p class="soft">
        <a href={place.links.to(`${view.path}tune/`)}>
          All {all.length}, {all.filter(({ exception }) => exception !== null).length} with an exclusion
        </a>
      </p>
    </section>
  );
}

function TryIt({ view, place }: PartProps) {
  return (
    <div
      id="run-here"
      data-package={view.id}
      data-formats={INPUT_FORMATS}
      data-cases={view.detection.cases.length}
      data-base={place.links.to("").replace(/index\.html$/, "")}
      class="run-here detection-run"
    >
      <p>
        <strong>Try it.</strong> Drop logs, archives of logs or a folder on this page: the rules run in your browser.{" "}
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
  );
}

function DataSources({ view, place }: PartProps) {
  const sources = view.detection.meta.data_sources;
  if (sources.length === 0) return null;
  return (
    <section aria-labelledby="data-sources">
      <Heading level={2} id="data-sources">
        Data sources
      </Heading>
      <Scroll label="Data sources">
        <table class="dense stacked">
          <Columns of={["Collected by", "Yields", "Index patterns"]} />
          <tbody>
            {sources.map((source) => (
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
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <p class="soft">
        How each is set up: <a href={place.links.to(`${view.path}deploy/`)}>Deploy</a>. We check every rule against the events you collect:{" "}
        <a href={place.links.to("fleet/")}>your log sources</a>.
      </p>
    </section>
  );
}
