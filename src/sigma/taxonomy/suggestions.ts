/** What a log source or a field that is not known may have been meant to be. Worked out only where there is something to report. */
import { similarNames } from "../../eql/index.ts";
import { fieldsOf, type LogSourceName } from "./log-source.ts";
import { PRODUCTS } from "./products/products.ts";
import { CATEGORIES, HEADER, SERVICES } from "./taxonomy.ts";

const PARTS = ["product", "category", "service"] as const;

/** `product/category/service` of every log source, `-` for a part that it does not have. */
function logSources(): string[] {
  return [
    ...Object.keys(CATEGORIES).map((category) => `windows/${category}/-`),
    ...Object.keys(SERVICES).map((service) => `windows/-/${service}`),
    ...PRODUCTS.flatMap(({ names }) => names),
  ];
}

/** A sentence for a log source that is not served: the parts that are misspelt, or the log sources that its parts belong to. */
export function similarLogSource(name: LogSourceName): string | null {
  const sources = logSources().map((source) => source.split("/"));
  const slips: string[] = [];
  let unknown = false;
  PARTS.forEach((part, i) => {
    const written = name[part]?.toLowerCase();
    if (written === undefined) return;
    const known = new Set(sources.map((source) => source[i]!));
    known.delete("-");
    if (known.has(written)) return;
    unknown = true;
    const [similar] = similarNames(written, known);
    if (similar !== undefined) slips.push(`${part} \`${similar}\``);
  });
  if (slips.length > 0) return `Did you mean ${slips.join(", ")}?`;
  if (unknown) return null;
  const wanted = name.category?.toLowerCase() ?? name.service?.toLowerCase();
  const elsewhere = sources
    .filter((source) => wanted !== undefined && source.includes(wanted))
    .map((source) => source.filter((part) => part !== "-").join("/"));
  return elsewhere.length === 0 ? null : `It is served as ${[...new Set(elsewhere)].slice(0, 3).join(", ")}.`;
}

/**
 * The field of a category of Windows that a name which is none of its fields is closest to; null where there is none, or where the
 * log source is another. Only what is off by a letter or two counts: event data may hold fields that no table lists.
 */
export function similarField({ product, category }: LogSourceName, name: string): string | null {
  if (category === null || (product !== null && product.toLowerCase() !== "windows")) return null;
  const key = category.toLowerCase();
  if (!Object.hasOwn(CATEGORIES, key)) return null;
  const { fields } = CATEGORIES[key]!;
  if (Object.hasOwn(fields, name) || Object.hasOwn(HEADER, name) || name.includes(".")) return null;
  for (const targets of Object.values(fields))
    for (const target of targets) if (fieldsOf(target).includes(`winlog.event_data.${name}`)) return null;
  const bound = Math.min(2, Math.floor(name.length / 4));
  return similarNames(name, [...Object.keys(fields), ...Object.keys(HEADER)], bound)[0] ?? null;
}
