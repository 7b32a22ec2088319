/** A rule of a package: its query, what it needs, what it cannot see, its proof, and every other platform. */
import { SeverityMark } from "../../report/index.ts";
import type { Rule } from "../../workbench/index.ts";
import { EqlText } from "../parts/eql.tsx";
import type { PageContext } from "../parts/frame.tsx";
import { Coded, Fact, Heading, RuleLinks, Tags } from "../parts/marks.tsx";
import { Measured } from "../parts/measured.tsx";
import { PlatformTabs } from "../parts/platforms.tsx";
import type { PackageView } from "../package-view.ts";
import { onPlatform, PLATFORM_LIST } from "../platform-list.ts";
import { CaseTable } from "./cases.tsx";
import { DetectionFrame } from "./detection/frame.tsx";
import { Needs } from "./detection/rule-text.tsx";
import { NeedsTable } from "./sources.tsx";

interface RulePageProps {
  readonly view: PackageView;
  readonly place: PageContext;
  readonly rule: Rule;
}

export function RulePage({ view, place, rule }: RulePageProps) {
  const platforms = PLATFORM_LIST.filter(({ id }) => id !== "eql").map((platform) => onPlatform(view, rule, platform));
  return (
    <DetectionFrame
      view={view}
      place={place}
      at="rules/"
      title={`${view.id} ${rule.id} ${rule.name}`}
      description={rule.description ?? rule.name}
      below={{
        name: rule.id,
        heading: (
          <>
            <span class="id">{rule.id}</span> {rule.name}
          </>
        ),
      }}
    >
      <p class="line">
        <SeverityMark of={rule.severity} /> <span>{rule.confidence} confidence</span>{" "}
        {rule.risk_score === undefined ? null : <span>risk {rule.risk_score}</span>}{" "}
        {rule.layer === undefined ? null : <span>{rule.layer} layer</span>} <span>{rule.kind.replace("_", " ")}</span>{" "}
        <span>{rule.lifecycle.status}</span> {rule.robustness === undefined ? null : <span>robustness {rule.robustness.level} of 5</span>}{" "}
        {view.startWith.includes(rule) ? <span class="start-with">start with</span> : null}
      </p>
      {rule.description === undefined ? null : <p class="prose">{rule.description}</p>}
      {rule.claimed === undefined ? null : (
        <p class="soft">
          Rated {rule.claimed.severity} severity, {rule.claimed.confidence} confidence by {rule.claimed.by}.
        </p>
      )}
      <EqlText text={rule.query} label={`${rule.id}: the query`} />
      <Needs of={rule} />
      <Facts view={view} place={place} rule={rule} />
      <p class="line links">
        <a href={place.links.to(`${view.path}files/eql/${rule.id}.eql`)} download="">
          EQL
        </a>
        <a href={place.links.to(`${view.path}files/sigma/${rule.id}.yml`)} download="">
          Sigma
        </a>
      </p>
      <Heading level={2} id="platforms">
        Other platforms
      </Heading>
      <PlatformTabs of={platforms} name="" />
      <Heading level={2} id="needs">
        Events that satisfy it
      </Heading>
      <NeedsTable needs={view.needs(rule)} place={place} />
      <Heading level={2} id="cases">
        Cases
      </Heading>
      <Measured when={view.isMeasured} id="measured">
        {() => <Proof view={view} place={place} rule={rule} />}
      </Measured>
    </DetectionFrame>
  );
}

/** Every case it is about, and what came of it. */
function Proof({ view, place, rule }: RulePageProps) {
  const { proof, evasion } = view.facts;
  const cases = proof.cases.filter(
    (c) =>
      c.fired.includes(rule.id) ||
      c.case.silent.includes(rule.id) ||
      c.excepted.some((e) => e.rule === rule.id) ||
      c.labFired.includes(rule.id),
  );
  const fires = proof.cases.filter((c) => c.fired.includes(rule.id)).length;
  const quiet = proof.cases.filter(
    (c) => c.case.kind !== "positive" && !c.fired.includes(rule.id) && c.case.silent.includes(rule.id),
  ).length;
  const score = evasion.rules.find((one) => one.rule === rule.id);
  return (
    <>
      <p>
        It fires in {fires} {fires === 1 ? "case" : "cases"} and stays silent in {quiet} that look alike; it detects{" "}
        {view.testsOf(rule.id).join(", ") || "no test alone"}
        {score === undefined || score.trials === 0 ? "" : `, and ${score.detected} of ${score.trials} variants of the attacks it detects`}.
      </p>
      <CaseTable view={view} place={place} of={cases} rule={rule.id} />
    </>
  );
}

function Findings({ view, place, rule }: RulePageProps) {
  const findings = view.facts.lint.findings.filter((finding) => finding.rule === rule.id);
  if (findings.length === 0) return <span class="good">none</span>;
  return (
    <ul class="plain">
      {findings.map(({ code, message, suppressed }) => (
        <li>
          <a href={place.links.to(`lint/${code}/`)}>{code}</a>: <Coded text={message} />{" "}
          {suppressed === null ? null : <span class="soft">Accepted: {suppressed}</span>}
        </li>
      ))}
    </ul>
  );
}

function Facts({ view, place, rule }: RulePageProps) {
  return (
    <dl class="facts">
      <Fact name="Why this rating">{rule.rating_reason}</Fact>
      <Fact name="Robustness">
        {rule.robustness === undefined
          ? null
          : `level ${rule.robustness.level}, ${rule.robustness.event} mode: ${rule.robustness.rationale}`}
      </Fact>
      <Fact name="Blind spots">
        {rule.blind_spots.length === 0 ? null : (
          <ul class="plain">
            {rule.blind_spots.map((spot) => (
              <li>{spot}</li>
            ))}
          </ul>
        )}
      </Fact>
      <Fact name="Evasions">
        {rule.evasions.length === 0 ? null : (
          <ul class="plain">
            {rule.evasions.map(({ how, answered_by: others }) => (
              <li>
                {how}:{" "}
                {others.length === 0 ? (
                  "no rule detects it"
                ) : (
                  <>
                    still caught by <RuleLinks rules={others} of={view.id} links={place.links} />
                  </>
                )}
              </li>
            ))}
          </ul>
        )}
      </Fact>
      <Fact name="False positives">
        {rule.false_positives.length === 0 ? null : (
          <ul class="plain">
            {rule.false_positives.map(({ scenario, tell }) => (
              <li>
                {scenario}: <span class="soft">{tell}</span>
              </li>
            ))}
          </ul>
        )}
      </Fact>
      <Fact name="Findings">
        <Measured when={view.isMeasured} id="findings" instead={<span class="soft">being measured</span>}>
          {() => <Findings view={view} place={place} rule={rule} />}
        </Measured>
      </Fact>
      <Fact name="Required fields">
        {rule.fields.required.length + rule.fields.optional.length === 0 ? null : (
          <>
            <Tags of={rule.fields.required} />
            {rule.fields.optional.length === 0 ? null : (
              <>
                <span class="soft">optional</span> <Tags of={rule.fields.optional} />
              </>
            )}
          </>
        )}
      </Fact>
      <Fact name="Searches">{rule.index_patterns.length === 0 ? null : <Tags of={rule.index_patterns} />}</Fact>
      <Fact name="Schedule">
        {rule.schedule === undefined ? null : `every ${rule.schedule.interval}, looking back ${rule.schedule.lookback}`}
      </Fact>
      <Fact name="Repeats">
        {rule.dedup === undefined ? null : (
          <>
            alerts alike in <Tags of={rule.dedup.keys} /> are one for {rule.dedup.window}
          </>
        )}
      </Fact>
      <Fact name="Alert title">{rule.alert_title === undefined ? null : <code>{rule.alert_title}</code>}</Fact>
      <Fact name="Look first at">{rule.investigation_fields.length === 0 ? null : <Tags of={rule.investigation_fields} />}</Fact>
      <dt>Identity</dt>
      <dd>
        <code>{rule.uuid}</code>, version {rule.version}
        {rule.query_source === undefined
          ? ""
          : `; query byte for byte from ${rule.query_source.text} (SHA-256 ${rule.query_source.sha256.slice(0, 12)}…)`}
      </dd>
    </dl>
  );
}
