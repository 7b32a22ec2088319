import { Frame } from "../../parts/frame.tsx";
import { Downloads } from "./downloads.tsx";
import { Evasion } from "./evasion.tsx";
import { Overview } from "./overview.tsx";
import type { PartProps } from "./part.ts";
import { Platforms } from "./platforms.tsx";
import { BlindSpots, Proof } from "./proof.tsx";
import { Rules } from "./rules.tsx";
import { Changelog, Corrections, FalsePositives, Guide, Hunting, Playbook, Related, References, Tests, Tuning } from "./texts.tsx";

/** The parts of the page, in order: the id of each is its anchor. */
export const PARTS = {
  overview: { name: "Overview", Part: Overview },
  rules: { name: "Rules", Part: Rules },
  proof: { name: "Proof", Part: Proof },
  "blind-spots": { name: "Blind spots", Part: BlindSpots },
  evasion: { name: "Evasion", Part: Evasion },
  "false-positives": { name: "False positives", Part: FalsePositives },
  platforms: { name: "Platforms", Part: Platforms },
  downloads: { name: "Downloads", Part: Downloads },
  tests: { name: "Tests", Part: Tests },
  hunting: { name: "Hunting queries", Part: Hunting },
  guide: { name: "Investigation guide", Part: Guide },
  playbook: { name: "Response playbook", Part: Playbook },
  tuning: { name: "Tuning", Part: Tuning },
  related: { name: "Related", Part: Related },
  corrections: { name: "Corrections", Part: Corrections },
  references: { name: "References", Part: References },
  changelog: { name: "Changelog", Part: Changelog },
} as const;

export function DetectionPage(props: PartProps) {
  const { view, place } = props;
  const { meta } = view.detection;
  const shown = Object.entries(PARTS).filter(([id]) => id !== "corrections" || meta.page !== undefined);
  return (
    <Frame title={`${meta.id} ${meta.title}`} place={place} description={meta.summary} class="with-contents">
      <nav class="contents" aria-label="On this page">
        <ol>
          <li>
            <a href="#run-here">Run it here</a>
          </li>
          {shown.map(([id, { name }]) => (
            <li>
              <a href={`#${id}`}>{name}</a>
            </li>
          ))}
        </ol>
      </nav>
      <article>
        {shown.map(([, { Part }]) => (
          <Part view={view} place={place} />
        ))}
      </article>
    </Frame>
  );
}
