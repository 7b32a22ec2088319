import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Site } from "./site.tsx";
import type { ServerState } from "./state.ts";

export interface SiteFile {
  /** In the folder of the site, with `/`. */
  readonly path: string;
  readonly isPage: boolean;
  /** Made anew at each call. */
  readonly content: () => Uint8Array;
}

/** Every page and file of the site, as it stands in a folder. */
export function siteFiles(state: ServerState): SiteFile[] {
  const site = new Site(state, "written");
  const files: SiteFile[] = [];
  for (const page of site.pages()) {
    if (page.kind === "html") files.push({ path: `${page.path}index.html`, isPage: true, content: () => Buffer.from(site.html(page)) });
    else files.push({ path: page.path, isPage: false, content: page.bytes });
  }
  for (const entry of readdirSync(state.assets, { withFileTypes: true })) {
    if (entry.isFile())
      files.push({ path: `assets/${entry.name}`, isPage: false, content: () => readFileSync(join(state.assets, entry.name)) });
  }
  return files;
}
