import type { LooseRules } from "./rule-view.ts";
import type { Detection, HuntResult, TimeZone } from "../workbench/index.ts";

/** A detection package and the texts it was loaded from: path inside its folder -> text. */
export interface PackageSource {
  readonly detection: Detection;
  readonly files: ReadonlyMap<string, string>;
}

/** What the pages show. */
export interface SiteState {
  readonly packages: readonly PackageSource[];
  /** Rules of no package; null where there are none. */
  readonly rules: LooseRules | null;
  /** Null when nothing was hunted. */
  readonly hunt: HuntResult | null;
  /** By whose clocks times of the hunt are shown; UTC without it. */
  readonly zone?: TimeZone;
  /** The hunt was in the bundled synthetic sample; pages say so. */
  readonly synthetic: boolean;
  /** The day exceptions are judged by, `2026-11-24`. */
  readonly today: string;
  /** A log of an incident to show the bench with, NDJSON; left out where there is none. */
  readonly example?: () => Uint8Array;
  /** Documents of the project, Markdown by name: `language.md`, `lint/dead-clause.md`. Those that are not there have no page. */
  readonly documents: ReadonlyMap<string, string>;
}

export interface ServerState extends SiteState {
  /** Folder of the bundled styles and scripts. */
  readonly assets: string;
}
