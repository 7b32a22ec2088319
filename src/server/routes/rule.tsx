import { SeverityMark } from "../../report/index.ts";
import type { Rule, RuleTranslation } from "../../workbench/index.ts";
import { EqlText } from "../parts/eql.tsx";
import { Frame, type PageContext } from "../parts/frame.tsx";
import { Heading } from "../parts/marks.tsx";
import { PlatformTabs, type PlatformText } from "../parts/platforms.tsx";
import type { PackageView } from "../package-view.ts";
import { CaseTable, Crumbs } from "./cases.tsx";
import { NeedsTable } from "./sources.tsx";
import { PLATFORMS } from "../../workbench/index.ts";

/** A translation as the tabs show it. */
export function platformText({ platform, text, losses }: RuleTranslation, title: string): PlatformText {
  return {
    platform,
    title,
    text,
    losses: losses.map(({ effect, source, reason, advice, dropsConjunct = false }) => ({
      kind: effect,
      span: source,
      reason,
      advice,
      dropsConjunct,
    })),
  };
}

/** A rule alone: on every platform, with every case it is proved by. */
export function RulePage({ view, place, rule }: { view: PackageView; place: PageContext; rule: Rule }) {
  const cases = view.facts.proof.cases.filter(
    (c) =>
      c.fired.includes(rule.id) ||
      c.case.silent.includes(rule.id) ||
      c.excepted.some((e) => e.rule === rule.id) ||
      c.labFired.includes(rule.id),
  );
  const platforms = view.translations(rule).map((one) => platformText(one, PLATFORMS[one.platform].title));
  return (
    <Frame title={`${view.id} ${rule.id} ${rule.name}`} place={place} description={rule.description ?? rule.name}>
      <Crumbs view={view} place={place} here={rule.id} />
      <h1>
        <span class="id">{rule.id}</span> {rule.name}
      </h1>
      <p class="line">
        <SeverityMark of={rule.severity} /> <span>{rule.confidence} confidence</span>{" "}
        {rule.layer === undefined ? null : <span>{rule.layer} layer</span>}{" "}
        <a href={place.links.to(`${view.path}#${rule.id}`)}>on the detection's page</a>
      </p>
      {rule.description === undefined ? null : <p class="prose">{rule.description}</p>}
      <EqlText text={rule.query} label={`${rule.id}: the query`} />
      <Heading level={2} id="platforms">
        Other platforms
      </Heading>
      <PlatformTabs of={platforms} name="" />
      <Heading level={2} id="needs">
        What it needs to see
      </Heading>
      <NeedsTable needs={view.needs(rule)} place={place} />
      <Heading level={2} id="cases">
        Cases
      </Heading>
      <CaseTable view={view} place={place} of={cases} rule={rule.id} />
    </Frame>
  );
}
