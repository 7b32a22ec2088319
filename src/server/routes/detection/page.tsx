import type { FC } from "hono/jsx";
import { Coverage } from "./coverage.tsx";
import { Deploy } from "./deploy.tsx";
import { DETECTION_PAGES, DetectionFrame, type DetectionPagePath } from "./frame.tsx";
import { Overview } from "./overview.tsx";
import type { PartProps } from "./part.ts";
import { Reference } from "./reference.tsx";
import { Respond } from "./respond.tsx";
import { Rules } from "./rules.tsx";
import { Tune } from "./tune.tsx";

const CONTENTS: Readonly<Record<DetectionPagePath, FC<PartProps>>> = {
  "": Overview,
  "rules/": Rules,
  "coverage/": Coverage,
  "respond/": Respond,
  "tune/": Tune,
  "deploy/": Deploy,
  "reference/": Reference,
};

/** One of the pages of a package. */
export function DetectionPage({ view, place, at }: PartProps & { at: DetectionPagePath }) {
  const { meta } = view.detection;
  const Content = CONTENTS[at];
  return (
    <DetectionFrame
      view={view}
      place={place}
      at={at}
      title={`${meta.id} ${meta.title}${at === "" ? "" : `: ${DETECTION_PAGES[at].name}`}`}
      {...(at === "" ? { description: meta.summary ?? meta.title } : {})}
    >
      <Content view={view} place={place} />
    </DetectionFrame>
  );
}
