/** The rules of a package in a platform's language: an address to search for and to send. */
import { Columns, plural, Scroll } from "../../../report/index.ts";
import { Effect, effectOf, type PlatformText } from "../../parts/platforms.tsx";
import { Coded, Heading, RuleLinks, sentence } from "../../parts/marks.tsx";
import { onPlatform, type ListedPlatform } from "../../platform-list.ts";
import { CHECKED } from "./deploy.tsx";
import { DetectionFrame } from "./frame.tsx";
import type { PartProps } from "./part.ts";
import { RuleText } from "./rule-text.tsx";

export function PlatformPage({ view, place, platform }: PartProps & { platform: ListedPlatform }) {
  const { meta, rules } = view.detection;
  const made = rules.map((rule) => ({ rule, one: onPlatform(view, rule, platform) }));
  const exact = made.filter(({ one }) => effectOf(one.losses) === "exact").length;
  const title = `Detect ${meta.title} in ${platform.title}`;
  return (
    <DetectionFrame
      view={view}
      place={place}
      at="deploy/"
      title={`${meta.id}: ${title}`}
      description={`${title}: ${plural(rules.length, "rule")}, tested against recorded attacks, with what differs.`}
      below={{ name: platform.title, heading: title }}
    >
      <p class="lead">
        {exact} of {plural(rules.length, "rule")} {exact === 1 ? "is" : "are"} the same detection there.{" "}
        <a href={place.links.to(`${view.path}files/${platform.id}.zip`)} download="">
          All rules (.zip)
        </a>
      </p>
      <p>
        {exact === rules.length ? null : "Differences are listed below. "}Select a rule to see its query.{" "}
        {platform.id === "eql" ? null : <span class="soft">Checked: {CHECKED[platform.checked]}.</span>}
      </p>
      <Heading level={2} id="queries">
        Queries
      </Heading>
      {made.map(({ rule, one }) => (
        <details class="outcome" id={rule.id} open={rule === (view.startWith[0] ?? rules[0])}>
          <summary>
            <b>{rule.id}</b> {rule.name} <Effect of={effectOf(one.losses)} />
          </summary>
          <RuleText view={view} place={place} rule={rule} platform={platform} />
        </details>
      ))}
      <Differences of={made.map(({ rule, one }) => [rule.id, one] as const)} view={view} place={place} />
    </DetectionFrame>
  );
}

/** Every difference once, with the rules that have it. */
function Differences({ of, view, place }: PartProps & { of: readonly (readonly [rule: string, text: PlatformText])[] }) {
  const reasons = new Map<string, { effect: string; rules: string[]; advice: string | null }>();
  for (const [rule, { losses }] of of)
    for (const { kind, reason, advice } of losses) {
      const known = reasons.get(reason) ?? { effect: kind, rules: [], advice };
      if (!known.rules.includes(rule)) known.rules.push(rule);
      reasons.set(reason, known);
    }
  return (
    <>
      <Heading level={2} id="differences">
        Differences
      </Heading>
      {reasons.size === 0 ? (
        <p class="good">None: all rules are the same detections.</p>
      ) : (
        <Scroll label="Differences">
          <table class="dense">
            <Columns of={["Effect", "What differs", "Rules"]} />
            <tbody>
              {[...reasons].map(([reason, { effect, rules, advice }]) => (
                <tr>
                  <td>
                    <Effect of={effect} />
                  </td>
                  <td class="what">
                    <Coded text={sentence(reason)} /> {advice === null ? null : <span class="soft">{<Coded text={advice} />}</span>}
                  </td>
                  <td class="what">
                    <RuleLinks rules={rules} of={view.id} links={place.links} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </>
  );
}
