import type { LooseRules } from "./rule-view.ts";
import type { Detection, HuntResult, TimeZone, TunedCase } from "../workbench/index.ts";

/** A detection package and the texts it was loaded from: path inside its folder -> text. */
export interface PackageSource {
  readonly detection: Detection;
  readonly files: ReadonlyMap<string, string>;
}

/** Writes exceptions into the packages that are served. Its errors are sentences for who asked. */
export interface ExceptionWriter {
  /** What a request must carry: another site cannot read it out of the page. */
  readonly token: string;
  /** What an exception would do to the package's proof. */
  check(asked: AskedException): CheckedException;
  /** Writes it. Where proofs are lost it must be asked for all the same. Returns the file. */
  write(asked: AskedException, isLossAccepted: boolean): Promise<string>;
}

/** An exception for a package, as one item of YAML. */
export interface AskedException {
  readonly detection: string;
  readonly yaml: string;
}

export interface CheckedException {
  /** Where it would be written. */
  readonly file: string;
  /** What keeps it from being written, a sentence each. */
  readonly problems: readonly string[];
  /** Attacks of the proof that lose alerts. */
  readonly lost: readonly Pick<TunedCase, "name" | "title" | "rules" | "silenced">[];
  readonly casesRun: number;
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
  /** Only where whoever started the server allows it. */
  readonly writer?: ExceptionWriter;
  /** Documents of the project, Markdown by name: `language.md`, `lint/dead-clause.md`. Those that are not there have no page. */
  readonly documents: ReadonlyMap<string, string>;
}

export interface ServerState extends SiteState {
  /** Folder of the bundled styles and scripts. */
  readonly assets: string;
}
