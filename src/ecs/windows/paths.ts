/** Parts of Windows paths, as Elastic's pipelines cut them: at backslashes only, the extension without its dot. */
/** What follows the last backslash; undefined where there is none or nothing follows. `System` has no name by this rule. */
export function nameOfPath(path: string): string | undefined {
  const at = path.lastIndexOf("\\");
  return at < 0 || at === path.length - 1 ? undefined : path.slice(at + 1);
}

/** Parts of an ECS `file`. */
interface FileParts {
  name: string;
  directory: string;
  extension?: string;
}

/** `name`, `directory` and `extension` of an ECS `file` by its path; undefined where the path has no backslash. */
export function fileParts(path: string): FileParts | undefined {
  const at = path.lastIndexOf("\\");
  if (at < 0 || path.length < 2) return undefined;
  const parts: FileParts = { name: path.slice(at + 1), directory: path.slice(0, at) };
  const dot = path.lastIndexOf(".");
  if (dot >= 0) parts.extension = path.slice(dot + 1);
  return parts;
}
