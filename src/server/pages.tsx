import type { Detection, Rule } from "../workbench/index.ts";
import { Alerts, RulesSaw, Severity } from "./alerts.tsx";
import { EqlText } from "./highlight.tsx";
import { Layout } from "./layout.tsx";
import type { ServerState } from "./state.ts";

export function HomePage(props: { state: ServerState }) {
  const { hunt, packages, synthetic } = props.state;
  return (
    <Layout title="Tocsin" base="./">
      <h1>Tocsin</h1>
      {hunt === null ? null : (
        <section aria-labelledby="alerts">
          <h2 id="alerts">Alerts</h2>
          {synthetic ? (
            <p class="notice">These events are a synthetic lab log, made for this project. They were not recorded from a real network.</p>
          ) : null}
          <p class="soft">
            {hunt.events.toLocaleString("en-US")} events, {hunt.alerts.length.toLocaleString("en-US")} alerts,{" "}
            {hunt.incidents.length.toLocaleString("en-US")} incidents.
          </p>
          <Alerts hunt={hunt} base="./" />
          <h2 id="rules">What each rule saw</h2>
          <RulesSaw hunt={hunt} base="./" />
        </section>
      )}
      <section aria-labelledby="detections">
        <h2 id="detections">Detections</h2>
        <ul>
          {packages.map((p) => (
            <li>
              <a href={`./detections/${p.id}/`}>
                {p.id} {p.meta.title}
              </a>{" "}
              <Severity of={p.meta.severity} /> <span class="soft">{p.meta.summary}</span>
            </li>
          ))}
        </ul>
      </section>
    </Layout>
  );
}

export function DetectionPage(props: { detection: Detection; state: ServerState }) {
  const { detection, state } = props;
  const { meta } = detection;
  const { attack } = meta;
  const saw = new Map(state.hunt?.rules.map((counts) => [counts.rule.key, counts]));
  return (
    <Layout title={`${meta.id} ${meta.title}`} base="../../">
      <h1>{meta.title}</h1>
      <p>{meta.summary}</p>
      <dl class="facts">
        <dt>Tactic</dt>
        <dd>
          {attack.tactic.name} ({attack.tactic.id})
        </dd>
        <dt>Technique</dt>
        <dd>
          {attack.technique.name} ({attack.technique.id})
          {attack.subtechnique === undefined ? "" : `: ${attack.subtechnique.name} (${attack.subtechnique.id})`}
        </dd>
        {attack.detection_strategy === undefined ? null : (
          <>
            <dt>Detection strategy</dt>
            <dd>
              {attack.detection_strategy.id} {attack.detection_strategy.name}
            </dd>
          </>
        )}
        <dt>Severity</dt>
        <dd>
          <Severity of={meta.severity} />
        </dd>
        <dt>Confidence</dt>
        <dd>{meta.confidence}</dd>
        <dt>Why</dt>
        <dd>{meta.rating_reason}</dd>
        <dt>Data sources</dt>
        <dd>
          {meta.data_sources.map((source) => (
            <div>
              {source.name}:{" "}
              {source.index_patterns.map((pattern) => (
                <code class="tag">{pattern}</code>
              ))}
            </div>
          ))}
        </dd>
      </dl>
      <h2 id="story">Story</h2>
      {meta.story
        .trim()
        .split(/\n\s*\n/)
        .map((paragraph) => (
          <p>{paragraph}</p>
        ))}
      <h2 id="rules">Rules</h2>
      {detection.rules.map((rule) => (
        <RuleSection rule={rule} saw={saw.get(`${detection.id}/${rule.id}`)} hunted={state.hunt !== null} />
      ))}
      <h2 id="references">References</h2>
      <ul>
        {meta.references.map((reference) => {
          const url = typeof reference === "string" ? reference : reference.url;
          return (
            <li>
              <a href={url} rel="noreferrer">
                {typeof reference === "string" ? url : (reference.title ?? url)}
              </a>
            </li>
          );
        })}
      </ul>
    </Layout>
  );
}

function RuleSection(props: { rule: Rule; saw: { readonly matched: number; readonly alerts: number } | undefined; hunted: boolean }) {
  const { rule, saw } = props;
  return (
    <section aria-labelledby={rule.id}>
      <h3 id={rule.id}>
        {rule.id} {rule.name}
      </h3>
      <p>
        <Severity of={rule.severity} />{" "}
        <span class="soft">
          confidence {rule.confidence}, {rule.layer} side, {rule.kind.replace("_", " ")}
          {rule.claimed === undefined
            ? ""
            : `; the published page rates it ${rule.claimed.severity} severity, ${rule.claimed.confidence} confidence`}
        </span>
      </p>
      <p>{rule.description}</p>
      {props.hunted && saw !== undefined ? (
        <p class="soft">
          In this hunt: {saw.matched} matching events, {saw.alerts} alerts.
        </p>
      ) : null}
      <EqlText text={rule.query} />
      <p class="soft">
        Needs:{" "}
        {rule.data_sources
          .map((source) => `${source.source}${source.events.length === 0 ? "" : ` ${source.events.join(", ")}`}`)
          .join("; ")}
        . Searches{" "}
        {rule.index_patterns.map((pattern) => (
          <code class="tag">{pattern}</code>
        ))}
      </p>
    </section>
  );
}

export function NotFoundPage(props: { base: string }) {
  return (
    <Layout title="Not found" base={props.base}>
      <h1>There is no such page</h1>
      <p>
        <a href={props.base}>To the start</a>
      </p>
    </Layout>
  );
}
