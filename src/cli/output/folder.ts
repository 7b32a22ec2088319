import { mkdirSync, rmdirSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a folder and those above it that are missing, from the top down, and returns those it made; where one fails, none stays. `mkdirSync` with `recursive` tries
 * for ever where a folder exists in which none can be made (`/proc`).
 */
export function makeFolder(path: string): string[] {
  const made: string[] = [];
  const missing: string[] = [];
  for (let at = path; ; at = dirname(at)) {
    try {
      mkdirSync(at);
      made.push(at);
      break;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EEXIST") break;
      if (code !== "ENOENT" || dirname(at) === at || missing.length > 256) throw error;
      missing.push(at);
    }
  }
  try {
    for (const folder of missing.reverse()) {
      mkdirSync(folder);
      made.push(folder);
    }
  } catch (error) {
    for (const folder of made.reverse()) rmdirSync(folder);
    throw error;
  }
  return made;
}
