import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { PackageSource, ServerState } from "../server/index.ts";
import { home, today } from "./packages.ts";

/** What the pages show, of these packages and this hunt. */
export function siteState(packages: readonly PackageSource[], hunted: Pick<ServerState, "hunt" | "synthetic">): ServerState {
  return { packages, ...hunted, today: today(), documents: documents(join(home, "docs")), assets: join(home, "dist", "web", "assets") };
}

/** `language.md` and `lint/*.md`, as far as they are there. */
function documents(folder: string): Map<string, string> {
  const found = new Map<string, string>();
  const add = (name: string): void => {
    found.set(name, readFileSync(join(folder, name), "utf8"));
  };
  if (existsSync(join(folder, "language.md"))) add("language.md");
  if (existsSync(join(folder, "lint"))) for (const name of readdirSync(join(folder, "lint"))) if (name.endsWith(".md")) add(`lint/${name}`);
  return found;
}
