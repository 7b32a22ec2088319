import { OFFERED_FIRST, PLATFORM_LIST, type ListedPlatform } from "../../platform-list.ts";
import { Heading } from "../../parts/marks.tsx";
import type { PartProps } from "./part.ts";
import { RuleText } from "./rule-text.tsx";

/**
 * The query for the reader's platform. Without script the platforms lead to their pages and the first rule's EQL stands here; with it
 * (`islands/get-query.ts`) a platform's texts come into this place, any rule can be chosen, and the platform is remembered.
 */
export function GetQuery({ view, place }: PartProps) {
  const first = view.startWith[0] ?? view.detection.rules[0];
  if (first === undefined) return null;
  const others = view.detection.rules.filter((rule) => !view.startWith.includes(rule));
  return (
    <section class="get-query" aria-labelledby="get-query">
      <Heading level={2} id="get-query">
        Get the query
      </Heading>
      <div class="choices">
        <p class="platforms">
          <span class="soft" id="platform-label">
            Platform
          </span>{" "}
          {PLATFORM_LIST.slice(0, OFFERED_FIRST).map((platform) => (
            <PlatformLink of={platform} view={view} place={place} />
          ))}
        </p>
        <details class="more-platforms">
          <summary>More platforms</summary>
          <p class="platforms">
            {PLATFORM_LIST.slice(OFFERED_FIRST).map((platform) => (
              <PlatformLink of={platform} view={view} place={place} />
            ))}
          </p>
        </details>
        <p class="rule-choice" hidden>
          <label for="rule-choice">Rule</label>{" "}
          <select id="rule-choice">
            {view.startWith.length === 0 ? null : <RuleOptions label="Start with" of={view.startWith} />}
            {others.length === 0 ? null : <RuleOptions label="All others" of={others} />}
          </select>
        </p>
      </div>
      <div class="chosen-query" role="status">
        <RuleText view={view} place={place} rule={first} platform={PLATFORM_LIST[0]!} />
      </div>
    </section>
  );
}

function PlatformLink({ of, view, place }: PartProps & { of: ListedPlatform }) {
  return (
    <a
      class="choice"
      href={place.links.to(`${view.path}deploy/${of.id}/`)}
      data-platform={of.id}
      {...(of === PLATFORM_LIST[0] ? { "aria-current": "true" as const } : {})}
    >
      {of.label}
    </a>
  );
}

function RuleOptions({ label, of }: { label: string; of: readonly { readonly id: string; readonly name: string }[] }) {
  return (
    <optgroup label={label}>
      {of.map(({ id, name }) => (
        <option value={id}>
          {id} {name}
        </option>
      ))}
    </optgroup>
  );
}
