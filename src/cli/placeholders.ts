import { isMap, isScalar, isSeq, parseDocument } from "yaml";
import { Failure } from "./failure.ts";
import { readTextFile } from "./text-file.ts";

const HELP = "Write `admins: [root, 'adm-*']`, a line each: what `%admins%` stands for.";

/** What Sigma's `%name%` stands for, from a YAML file of `name: text` or `name: [text, ...]`. */
export function placeholdersIn(file: string): ReadonlyMap<string, readonly string[]> {
  const document = parseDocument(readTextFile(file));
  const [error] = document.errors;
  if (error !== undefined) throw new Failure(`${file}: ${error.message.split("\n")[0]}`);
  const table = new Map<string, readonly string[]>();
  if (document.contents === null) return table;
  if (!isMap(document.contents)) throw new Failure(`${file} is not a map of placeholders`, { help: HELP });
  for (const { key, value } of document.contents.items) {
    const name = isScalar(key) ? String(key.value) : "an entry";
    const items: readonly unknown[] = isSeq(value) ? value.items : [value];
    const texts = items.map((item) =>
      isScalar(item) && (typeof item.value === "string" || typeof item.value === "number") ? String(item.value) : null,
    );
    if (!isScalar(key) || texts.length === 0 || texts.includes(null))
      throw new Failure(`${file}: ${name} does not stand for a text or a list of them`, { help: HELP });
    table.set(
      name,
      texts.flatMap((one) => one ?? []),
    );
  }
  return table;
}
