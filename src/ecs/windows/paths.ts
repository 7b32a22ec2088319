/** Parts of Windows paths, as Elastic's pipelines cut them: at backslashes only, the extension without its dot. */
import type { JsonObject } from "../../readers/index.ts";

/** What follows the last backslash; undefined where there is none or nothing follows. `System` has no name by this rule. */
export function nameOfPath(path: string): string | undefined {
  const at = path.lastIndexOf("\\");
  return at < 0 || at === path.length - 1 ? undefined : path.slice(at + 1);
}

/** Sets `name`, `directory` and `extension` of an ECS `file` from its path; nothing where the path has no backslash. */
export function setFileParts(file: JsonObject, path: string): void {
  const at = path.lastIndexOf("\\");
  if (at < 0 || path.length < 2) return;
  file["name"] = path.slice(at + 1);
  file["directory"] = path.slice(0, at);
  const dot = path.lastIndexOf(".");
  if (dot >= 0) file["extension"] = path.slice(dot + 1);
}
