import { existsSync } from "node:fs";
import { dirname, relative, resolve, sep } from "node:path";
import { isScalar, isSeq, parseDocument, YAMLSeq } from "yaml";
import { Failure } from "../failure.ts";
import { writeFiles } from "../output/files.ts";
import { bundledRules } from "../packages.ts";
import { readTextFile } from "../text-file.ts";
import { readConfiguration } from "./configuration.ts";

/** The list `rules` of a configuration: absolute paths, and the word for the bundled packages. */
export function configuredRules(file: string | null, commands: readonly string[]): readonly string[] {
  const rules = file === null || !existsSync(file) ? undefined : readConfiguration(file, commands).values.get("rules");
  return Array.isArray(rules) ? (rules as readonly string[]) : [bundledRules.name];
}

/**
 * Writes the list `rules` into a configuration; everything else in it stays as it is, comments too. The file is made where it is missing.
 * @param paths absolute, or the word for the bundled packages. They are written as they are seen from the file's folder where they lie in it or beside it.
 */
export async function writeConfiguredRules(file: string, paths: readonly string[]): Promise<void> {
  const document = parseDocument(existsSync(file) ? readTextFile(file) : "");
  if (document.errors.length > 0) throw new Failure(`${file} is not YAML: ${document.errors[0]!.message.split("\n")[0]}`);
  const written = paths.map((path) => (path === bundledRules.name ? path : fromFolder(dirname(file), path)));
  const list = document.get("rules", true);
  if (isSeq(list)) {
    // What stays keeps its node, and with it its comments.
    const kept = list.items.filter((item) => isScalar(item) && paths.includes(absolute(file, String(item.value))));
    const known = new Set(kept.map((item) => absolute(file, String(isScalar(item) ? item.value : ""))));
    list.items = [...kept, ...written.filter((_, i) => !known.has(paths[i]!)).map((path) => document.createNode(path))];
  } else {
    const made = new YAMLSeq();
    made.items = written.map((path) => document.createNode(path));
    document.set("rules", made);
  }
  await writeFiles([{ path: file, content: document.toString() }]);
}

const absolute = (file: string, path: string): string => (path === bundledRules.name ? path : resolve(dirname(file), path));

function fromFolder(folder: string, path: string): string {
  const seen = relative(folder, path);
  return seen.startsWith(`..${sep}..`) || resolve(seen) === seen ? path : (seen || ".").split(sep).join("/");
}
