/** Exceptions as text: read from YAML, and put into a package's tuning.yaml. */
import { isMap, isScalar, isSeq, parse, parseDocument, type Pair } from "yaml";
import { EXCEPTION, type ExceptionText } from "../../catalog/index.ts";
import { exceptionYaml } from "./tune.ts";

/** One item of `exceptions` as `exceptionYaml` writes it. Sentences where it is none. */
export function readException(yaml: string): ExceptionText | readonly string[] {
  let value: unknown;
  try {
    value = parse(yaml, { maxAliasCount: 0 });
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
  if (!Array.isArray(value) || value.length !== 1) return ["It is not a list of one exception."];
  const read = EXCEPTION.safeParse(value[0]);
  return read.success ? read.data : read.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
}

/**
 * tuning.yaml with one exception more, in front of those that are there; everything else stays as it stands, comments and layout included.
 * @returns the text, or null where its `exceptions` are written in a form that cannot be added to (a list in one line, an alias)
 */
export function withException(text: string, exception: ExceptionText): string | null {
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const item = (indent: string): string =>
    exceptionYaml(exception)
      .trimEnd()
      .split("\n")
      .map((line) => `${indent}${line}${eol}`)
      .join("");
  const document = parseDocument(text);
  if (document.errors.length > 0) return null;
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null))
    return `${endedBy(text, eol)}exceptions:${eol}${item("  ")}`;
  if (!isMap(document.contents)) return null;
  const pair = document.contents.items.find(({ key }) => isScalar(key) && key.value === "exceptions") as Pair | undefined;
  if (pair === undefined) return `${endedBy(text, eol)}exceptions:${eol}${item("  ")}`;
  const key = isScalar(pair.key) ? pair.key.range : null;
  if (key === null || key === undefined) return null;
  const lineEnd = text.indexOf("\n", key[1]);
  if (isSeq(pair.value) && pair.value.items.length > 0) {
    const first = pair.value.range?.[0];
    if (pair.value.flow === true || first === undefined || lineEnd < 0 || lineEnd > first) return null;
    const indent = text.slice(text.lastIndexOf("\n", first) + 1, first);
    return /^ *$/.test(indent) ? `${text.slice(0, lineEnd + 1)}${item(indent)}${text.slice(lineEnd + 1)}` : null;
  }
  const isEmpty = isSeq(pair.value) || pair.value === null || (isScalar(pair.value) && pair.value.value === null);
  if (!isEmpty) return null;
  const rest = lineEnd < 0 ? "" : text.slice(lineEnd + 1);
  return `${text.slice(0, key[1])}:${eol}${item("  ")}${rest}`;
}

function endedBy(text: string, eol: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}${eol}`;
}
