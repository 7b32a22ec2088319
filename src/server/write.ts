import { copyFile, mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Site } from "./site.tsx";
import type { ServerState } from "./state.ts";

export interface Written {
  readonly pages: number;
  readonly files: number;
  readonly bytes: number;
}

/**
 * Writes every page and file of the site into a folder, which is made. Files that are there already are overwritten, others left alone.
 * @param onPage told how many of the pages and files are made.
 */
export async function writeSite(
  state: ServerState,
  folder: string,
  onPage: (done: number, total: number) => void = () => {},
): Promise<Written> {
  const site = new Site(state, "written");
  const total = [...site.pages()].length;
  let pages = 0;
  let files = 0;
  let bytes = 0;
  for (const page of site.pages()) {
    const isHtml = page.kind === "html";
    const content = isHtml ? Buffer.from(site.html(page)) : page.bytes();
    const path = join(folder, ...(isHtml ? `${page.path}index.html` : page.path).split("/"));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    bytes += content.length;
    if (isHtml) pages++;
    else files++;
    onPage(pages + files, total);
  }
  const assets = join(folder, "assets");
  await mkdir(assets, { recursive: true });
  for (const entry of await readdir(state.assets, { withFileTypes: true })) {
    if (!entry.isFile()) continue;
    await copyFile(join(state.assets, entry.name), join(assets, entry.name));
    files++;
  }
  return { pages, files, bytes };
}
