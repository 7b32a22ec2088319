import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ServerState } from "../server/index.ts";
import type { RuleSet } from "../workbench/index.ts";
import type { Terminal } from "./output/terminal.ts";
import { home, today } from "./packages.ts";
import { proveRules } from "./proof/rules.ts";
import { printRuleProblem } from "./rules.ts";

/** The bundled synthetic lab log. */
const SAMPLE = join(home, "samples", "lab.ndjson");

/** What the pages show, of these rules and this hunt. The cases of rules of no package are run. */
export async function siteState(
  err: Terminal,
  set: RuleSet,
  hunted: Pick<ServerState, "hunt" | "zone" | "synthetic" | "writer">,
): Promise<ServerState> {
  const loose = set.rules.length + set.correlations.length > 0;
  const proved = loose ? await proveRules(set, {}) : null;
  for (const problem of proved?.problems ?? []) printRuleProblem(err, problem);
  return {
    packages: set.packages.map((detection) => ({ detection, files: set.packageTexts.get(detection.id)! })),
    rules: proved === null ? null : { set, proof: proved.proof },
    ...hunted,
    today: today(),
    ...(existsSync(SAMPLE) ? { example: () => readFileSync(SAMPLE) } : {}),
    documents: documents(join(home, "docs")),
    assets: join(home, "dist", "web", "assets"),
  };
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
