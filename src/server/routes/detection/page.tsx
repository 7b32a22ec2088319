import type { FC } from "hono/jsx";
import type { Detection } from "../../../workbench/index.ts";
import { Frame } from "../../parts/frame.tsx";
import { Downloads } from "./downloads.tsx";
import { Evasion } from "./evasion.tsx";
import { Overview } from "./overview.tsx";
import type { PartProps } from "./part.ts";
import { Platforms } from "./platforms.tsx";
import { BlindSpots, Proof } from "./proof.tsx";
import { Rules } from "./rules.tsx";
import { Changelog, Corrections, FalsePositives, Guide, Hunting, Playbook, Related, References, Tests, Tuning } from "./texts.tsx";

/** The parts of the page, in order: the id of each is its anchor. What a package does not have has no part. */
const PARTS: Readonly<Record<string, PagePart>> = {
  overview: { name: "Overview", Part: Overview },
  rules: { name: "Rules", Part: Rules },
  proof: { name: "Proof", Part: Proof },
  "blind-spots": { name: "Blind spots", Part: BlindSpots },
  evasion: { name: "Evasion", Part: Evasion },
  "false-positives": {
    name: "False positives",
    Part: FalsePositives,
    has: ({ rules }) => rules.some((rule) => rule.false_positives.length > 0),
  },
  platforms: { name: "Platforms", Part: Platforms },
  downloads: { name: "Downloads", Part: Downloads },
  tests: { name: "Tests", Part: Tests, has: ({ tests }) => tests.tests.length > 0 },
  hunting: { name: "Hunting queries", Part: Hunting, has: ({ hunts }) => hunts.length > 0 },
  guide: { name: "Investigation guide", Part: Guide, has: ({ guide }) => guide !== "" },
  playbook: { name: "Response playbook", Part: Playbook, has: ({ playbook }) => playbook !== "" },
  tuning: { name: "Tuning", Part: Tuning, has: ({ files }) => files.includes("tuning.yaml") },
  related: { name: "Related", Part: Related, has: ({ meta }) => meta.related.length > 0 },
  corrections: { name: "Corrections", Part: Corrections, has: ({ meta }) => meta.page !== undefined },
  references: {
    name: "References",
    Part: References,
    has: ({ meta, rules }) => meta.references.length + rules.flatMap((rule) => rule.references).length > 0,
  },
  changelog: { name: "Changelog", Part: Changelog, has: ({ changelog }) => changelog !== "" },
};

interface PagePart {
  readonly name: string;
  readonly Part: FC<PartProps>;
  /** Left out: every package has it. */
  readonly has?: (detection: Detection) => boolean;
}

export function DetectionPage(props: PartProps) {
  const { view, place } = props;
  const { meta } = view.detection;
  const shown = Object.entries(PARTS).filter(([, { has }]) => has?.(view.detection) ?? true);
  return (
    <Frame title={`${meta.id} ${meta.title}`} place={place} description={meta.summary ?? meta.title} class="with-contents">
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
