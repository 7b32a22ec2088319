import { existsSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";

export const FILE_NAME = "tocsin.yaml";

/** Where the configuration is read from, and where `tocsin rules add` writes it. */
export interface ConfigurationPlace {
  /** The file in use; null where there is none. */
  readonly file: string | null;
  /** The user's own, which may not exist. */
  readonly userFile: string;
  /** Files that were passed over because they belong to somebody else. */
  readonly foreign: readonly string[];
}

/**
 * The nearest `tocsin.yaml` from a folder upwards, else the user's own. `TOCSIN_CONFIG` names another file, or none where it is empty.
 * A file that belongs to another user is passed over: who can write into a folder above must not decide what runs (as Git does with
 * `safe.directory`).
 */
export function findConfiguration(from: string, env: NodeJS.ProcessEnv): ConfigurationPlace {
  const userFile = join(userFolder(env), "tocsin", FILE_NAME);
  const foreign: string[] = [];
  const named = env["TOCSIN_CONFIG"];
  if (named !== undefined) return { file: named === "" ? null : resolve(from, named), userFile, foreign };
  let folder = resolve(from);
  for (;;) {
    const file = join(folder, FILE_NAME);
    const owner = statSync(file, { throwIfNoEntry: false });
    if (owner?.isFile() === true) {
      if (isTrusted(owner.uid)) return { file, userFile, foreign };
      foreign.push(file);
    }
    const above = dirname(folder);
    if (above === folder) return { file: existsSync(userFile) ? userFile : null, userFile, foreign };
    folder = above;
  }
}

/** Windows has no such owners: there everything is trusted, as Node says nothing better. */
const isTrusted = (uid: number): boolean => process.getuid === undefined || uid === process.getuid() || uid === 0;

function userFolder(env: NodeJS.ProcessEnv): string {
  if (process.platform === "win32") return env["APPDATA"] ?? join(homedir(), "AppData", "Roaming");
  return env["XDG_CONFIG_HOME"] || join(homedir(), ".config");
}
