import { SeverityMark } from "../../../report/index.ts";
import type { Rule } from "../../../workbench/index.ts";
import { onPlatform, type ListedPlatform } from "../../platform-list.ts";
import { PlatformTextPart } from "../../parts/platforms.tsx";
import type { PartProps } from "./part.ts";

/** A rule's query on a platform with what it needs there; the Overview takes it out of a platform's page. */
export function RuleText({ view, place, rule, platform }: PartProps & { rule: Rule; platform: ListedPlatform }) {
  return (
    <div class="rule-text" data-rule={rule.id}>
      <p class="line">
        <a href={place.links.to(`${view.path}rules/${rule.id}/`)}>
          {rule.id} {rule.name}
        </a>{" "}
        <SeverityMark of={rule.severity} /> <span>{rule.confidence} confidence</span>
      </p>
      <PlatformTextPart of={onPlatform(view, rule, platform)} label={`${rule.id} on ${platform.title}`} />
      <Needs of={rule} />
    </div>
  );
}

/** What has to be collected and turned on. */
export function Needs({ of }: { of: Rule }) {
  if (of.data_sources.length === 0) return null;
  return (
    <dl class="facts needs">
      <dt>Needs</dt>
      <dd>
        <ul class="plain">
          {of.data_sources.map((source) => (
            <li>
              <b>
                {source.source}
                {source.events.length === 0 ? "" : ` ${source.events.join(", ")}`}
              </b>{" "}
              {source.audit}
            </li>
          ))}
        </ul>
      </dd>
    </dl>
  );
}
