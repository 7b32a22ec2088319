import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { BUILD } from "./build.ts";
import { ownFolder } from "./folder.ts";

/** Where V8 keeps what it compiled of this build; null where nothing is kept. What it compiled of another build is removed. */
export function codeFolder(cacheFolder: string | null, build: string | null = BUILD): string | null {
  if (cacheFolder === null || build === null) return null;
  const all = join(cacheFolder, "code");
  const folder = join(all, build.slice(0, 16));
  if (!ownFolder(all)) return null;
  try {
    if (!existsSync(folder)) for (const name of readdirSync(all)) rmSync(join(all, name), { recursive: true, force: true });
  } catch {
    // Somebody else removes them, or they cannot be removed.
  }
  return ownFolder(folder) ? folder : null;
}
