import { looksLikeRules } from "../../workbench/index.ts";
import type { InputFile } from "../protocol.ts";

/** Characters of a file by which it is known. */
const HEAD = 20_000;

/** Files that hold rules: by their content, and whole folders of packages. In the order of the files. */
export async function ruleFiles(files: readonly InputFile[]): Promise<boolean[]> {
  const packages = files.flatMap(({ name }) => (/(?:^|\/)package\.ya?ml$/.test(name) ? [name.replace(/[^/]*$/, "")] : []));
  const found: boolean[] = [];
  for (const { name, file } of files)
    found.push(packages.some((folder) => name.startsWith(folder)) || (isText(name) && (await looksLike(name, file))));
  return found;
}

/** Only these are looked into: everything else is a log, or an archive of logs. */
function isText(name: string): boolean {
  return /\.(?:ya?ml|toml|eql|json|ndjson)$/i.test(name);
}

async function looksLike(path: string, file: Blob): Promise<boolean> {
  try {
    return looksLikeRules({ path, text: await file.slice(0, HEAD).text() });
  } catch {
    // It cannot be read; the hunt says so with its place.
    return false;
  }
}
