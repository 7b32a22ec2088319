/** The detection package that is shipped, for tests and benches. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { loadPackage, type Detection } from "../src/catalog/index.ts";

/** The day on which tests look at it: exceptions of tuning.yaml are in force. */
export const TODAY = "2026-11-24";

export const SHIPPED = join(import.meta.dirname, "../detections/T1021.002-smb-admin-shares");

/** Path within the package -> text. */
export function shippedFiles(): Map<string, string> {
  const files = new Map<string, string>();
  for (const entry of readdirSync(SHIPPED, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) files.set(relative(SHIPPED, path).split(sep).join("/"), readFileSync(path, "utf8"));
  }
  return files;
}

/** @param changes of the texts of some files; one that changes nothing is an error. */
export function shippedPackage(changes: Readonly<Record<string, (text: string) => string>> = {}, today = TODAY): Detection {
  const files = shippedFiles();
  for (const [file, change] of Object.entries(changes)) {
    const before = files.get(file);
    const after = before === undefined ? undefined : change(before);
    if (after === undefined || after === before) throw new Error(`nothing changed in ${file}`);
    files.set(file, after);
  }
  const loaded = loadPackage(files, { today });
  if (loaded.package === null) throw new Error(loaded.problems.map((problem) => problem.message).join("\n"));
  return loaded.package;
}
