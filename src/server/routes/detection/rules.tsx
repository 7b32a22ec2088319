import { Scroll, Columns, SeverityMark, percent } from "../../../report/index.ts";
import type { Rule, RuleScore } from "../../../workbench/index.ts";
import { EqlText } from "../../parts/eql.tsx";
import { Fact, Heading, RuleLinks, Tags } from "../../parts/marks.tsx";
import type { PackageView } from "../../package-view.ts";
import type { PartProps } from "./part.ts";

export function Rules({ view, place }: PartProps) {
  const { detection, facts } = view;
  const scores = new Map(facts.evasion.rules.map((score) => [score.rule, score]));
  return (
    <section aria-labelledby="rules">
      <Heading level={2} id="rules">
        Rules
      </Heading>
      <RuleTable view={view} scores={scores} />
      {detection.rules.map((rule) => (
        <RuleSection view={view} place={place} rule={rule} score={scores.get(rule.id)} />
      ))}
    </section>
  );
}

function RuleTable({ view, scores }: { view: PackageView; scores: ReadonlyMap<string, RuleScore> }) {
  return (
    <Scroll label="The rules at a glance">
      <table class="dense">
        <Columns
          of={[
            "Rule",
            "Name",
            "Layer",
            "Severity",
            "Confidence",
            { name: "Robustness", number: true, title: "Summiting the Pyramid: 1 an ephemeral value, 5 core to the technique" },
            "Tests caught",
            { name: "Mutations seen", number: true },
          ]}
        />
        <tbody>
          {view.detection.rules.map((rule) => {
            const score = scores.get(rule.id);
            return (
              <tr>
                <td>
                  <a class="rule" href={`#${rule.id}`}>
                    {rule.id}
                  </a>
                </td>
                <th scope="row">{rule.name}</th>
                <td>{rule.layer ?? ""}</td>
                <td>
                  <SeverityMark of={rule.severity} />
                </td>
                <td>{rule.confidence}</td>
                <td class="number">{rule.robustness?.level ?? ""}</td>
                <td>{view.testsOf(rule.id).join(" ") || <span class="soft">none</span>}</td>
                <td class="number">{score === undefined || score.trials === 0 ? "" : percent(score.share)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Scroll>
  );
}

function RuleSection(props: PartProps & { rule: Rule; score: RuleScore | undefined }) {
  const { view, place, rule, score } = props;
  const cases = view.facts.proof.cases;
  const findings = view.facts.lint.findings.filter((finding) => finding.rule === rule.id && finding.suppressed === null);
  const fires = cases.filter((c) => c.fired.includes(rule.id)).length;
  const quiet = cases.filter((c) => c.case.kind !== "positive" && !c.fired.includes(rule.id) && c.case.silent.includes(rule.id)).length;
  return (
    <section class="card" aria-labelledby={rule.id}>
      <Heading level={3} id={rule.id}>
        <span class="id">{rule.id}</span> {rule.name}
      </Heading>
      <p class="line">
        <SeverityMark of={rule.severity} /> <span>{rule.confidence} confidence</span>{" "}
        {rule.risk_score === undefined ? null : <span>risk {rule.risk_score}</span>}{" "}
        {rule.layer === undefined ? null : <span>{rule.layer} layer</span>} <span>{rule.kind.replace("_", " ")}</span>{" "}
        <span>{rule.lifecycle.status}</span> {rule.robustness === undefined ? null : <span>robustness {rule.robustness.level} of 5</span>}
      </p>
      {rule.description === undefined ? null : <p>{rule.description}</p>}
      {rule.claimed === undefined ? null : (
        <p class="soft">
          Rated {rule.claimed.severity} severity, {rule.claimed.confidence} confidence by {rule.claimed.by}. {rule.rating_reason ?? ""}
        </p>
      )}
      <EqlText text={rule.query} label={`${rule.id}: the query`} />
      <dl class="facts">
        <Fact name="Reads">
          {rule.data_sources.length === 0 ? null : (
            <ul class="plain">
              {rule.data_sources.map((source) => (
                <li>
                  <b>
                    {source.source}
                    {source.events.length === 0 ? "" : ` ${source.events.join(", ")}`}
                  </b>{" "}
                  <span class="soft">{source.audit}</span>
                </li>
              ))}
            </ul>
          )}
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
        <dt>Proof</dt>
        <dd>
          <a href={place.links.to(`${view.path}rules/${rule.id}/#cases`)}>
            fires in {fires} {fires === 1 ? "case" : "cases"}, stays silent in {quiet} that look alike
          </a>
          ; catches {view.testsOf(rule.id).join(", ") || "no test alone"}
          {score === undefined || score.trials === 0 ? "" : `; still sees ${score.detected} of ${score.trials} mutations`}
        </dd>
        {findings.length === 0 ? null : (
          <>
            <dt>Lint</dt>
            <dd>
              {[...new Set(findings.map((f) => f.code))].map((code) => (
                <>
                  <a href={place.links.to(`lint/${code}/`)}>{code}</a>{" "}
                </>
              ))}
            </dd>
          </>
        )}
      </dl>
      <details>
        <summary>Rating, blind spots, evasions, schedule</summary>
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
                {rule.evasions.map((evasion) => (
                  <li>
                    {evasion.how}: <RuleLinks rules={evasion.answered_by} of={view.id} links={place.links} none="no rule sees it" />
                  </li>
                ))}
              </ul>
            )}
          </Fact>
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
      </details>
      <p class="line links">
        <a href={place.links.to(`${view.path}rules/${rule.id}/`)}>Other platforms and every case</a>
        <a href={place.links.to(`${view.path}files/eql/${rule.id}.eql`)} download="">
          EQL
        </a>
        <a href={place.links.to(`${view.path}files/sigma/${rule.id}.yml`)} download="">
          Sigma
        </a>
      </p>
    </section>
  );
}
