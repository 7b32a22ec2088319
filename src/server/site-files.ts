import { Assets } from "./assets.ts";
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
  const assets = new Assets(state.assets);
  const site = new Site(state, "written", assets.version);
  const files: SiteFile[] = [];
  for (const page of site.pages()) {
    if (page.kind === "html") files.push({ path: `${page.path}index.html`, isPage: true, content: () => Buffer.from(site.html(page)) });
    else if (page.kind === "stream") files.push({ path: page.path, isPage: false, content: () => Buffer.concat([...page.pieces()]) });
    else files.push({ path: page.path, isPage: false, content: page.bytes });
  }
  for (const name of assets.names)
    files.push({ path: `assets/${assets.version}/${name}`, isPage: false, content: () => assets.bytes(name) });
  return files;
}
