import type { Detection, HuntResult } from "../workbench/index.ts";

/** What the pages show. */
export interface ServerState {
  readonly packages: readonly Detection[];
  /** Null when nothing was hunted. */
  readonly hunt: HuntResult | null;
  /** The hunt was in the bundled synthetic sample; pages say so. */
  readonly synthetic: boolean;
  /** Folder of the bundled styles and scripts. */
  readonly assets: string;
}
