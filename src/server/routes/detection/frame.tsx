/** The frame of a package's pages: where the reader is, and the seven pages that lead to everything else. */
import type { Child } from "hono/jsx";
import type { Detection } from "../../../workbench/index.ts";
import type { PackageView } from "../../package-view.ts";
import { Frame, type PageContext } from "../../parts/frame.tsx";

/** By their folder below the package's. */
export type DetectionPagePath = "" | "rules/" | "coverage/" | "respond/" | "tune/" | "deploy/" | "reference/";

/** The pages of a package, in order. What a package has nothing for has no page. */
export const DETECTION_PAGES: Readonly<
  Record<DetectionPagePath, { readonly name: string; readonly has?: (detection: Detection) => boolean }>
> = {
  "": { name: "Overview" },
  "rules/": { name: "Rules" },
  "coverage/": { name: "Coverage and proof" },
  "respond/": { name: "Respond", has: ({ guide, playbook, hunts }) => guide !== "" || playbook !== "" || hunts.length > 0 },
  "tune/": {
    name: "Tune",
    has: ({ rules, files }) => files.includes("tuning.yaml") || rules.some((rule) => rule.false_positives.length > 0),
  },
  "deploy/": { name: "Deploy" },
  "reference/": { name: "Reference" },
};

/** Those that a package has. */
export function pagesOf(detection: Detection): DetectionPagePath[] {
  return (Object.keys(DETECTION_PAGES) as DetectionPagePath[]).filter((path) => DETECTION_PAGES[path].has?.(detection) ?? true);
}

interface DetectionFrameProps {
  readonly view: PackageView;
  readonly place: PageContext;
  /** Which of the pages it is, or belongs to. */
  readonly at: DetectionPagePath;
  /** A page below one of them: its name, as the way to it ends, and its own heading. */
  readonly below?: { readonly name: string; readonly heading: Child };
  /** Of the browser's tab. */
  readonly title: string;
  readonly description?: string;
  readonly children?: Child;
}

export function DetectionFrame({ view, place, at, below, title, description, children }: DetectionFrameProps) {
  const { meta } = view.detection;
  const name = DETECTION_PAGES[at].name;
  return (
    <Frame title={title} place={place} {...(description === undefined ? {} : { description })} class="detection">
      {below === undefined ? <AttackCrumbs view={view} place={place} /> : <Crumbs view={view} place={place} at={at} here={below.name} />}
      <h1 id="title">
        {below?.heading ?? (
          <>
            <span class="id">{meta.id}</span> {meta.title}
            {at === "" ? null : <span class="soft">: {name}</span>}
          </>
        )}
      </h1>
      <nav class="pages" aria-label={`Pages of ${meta.id}`}>
        {pagesOf(view.detection).map((path) => (
          <a
            href={place.links.to(`${view.path}${path}`)}
            {...(path === at ? { "aria-current": below === undefined ? ("page" as const) : ("true" as const) } : {})}
          >
            {DETECTION_PAGES[path].name}
          </a>
        ))}
      </nav>
      {children}
    </Frame>
  );
}

function AttackCrumbs({ view, place }: { view: PackageView; place: PageContext }) {
  const { attack } = view.detection.meta;
  if (attack === undefined) return null;
  return (
    <p class="crumbs">
      <a href={place.links.to(`attack/#${attack.tactic.id}`)}>{attack.tactic.name}</a> <span aria-hidden="true">›</span>{" "}
      <a href={place.links.to(`attack/#${attack.technique.id}`)}>
        {attack.technique.id} {attack.technique.name}
      </a>
      {attack.subtechnique === undefined ? null : (
        <>
          {" "}
          <span aria-hidden="true">›</span> {attack.subtechnique.id}
        </>
      )}
    </p>
  );
}

function Crumbs({ view, place, at, here }: { view: PackageView; place: PageContext; at: DetectionPagePath; here: string }) {
  return (
    <p class="crumbs">
      <a href={place.links.to(view.path)}>
        {view.id} {view.detection.meta.title}
      </a>{" "}
      <span aria-hidden="true">›</span>{" "}
      {at === "" ? null : (
        <>
          <a href={place.links.to(`${view.path}${at}`)}>{DETECTION_PAGES[at].name}</a> <span aria-hidden="true">›</span>{" "}
        </>
      )}
      {here}
    </p>
  );
}
