/** `%name%` in values under `expand`, and what pipelines let it stand for. */
import type { DetectionItem, Selection } from "../load/selection.ts";
import { SigmaError } from "../problem.ts";
import type { Parameters } from "./parameters.ts";

export function handledNames(parameters: Parameters): (name: string) => boolean {
  const include = parameters.optionalTexts("include");
  const exclude = parameters.optionalTexts("exclude");
  if (include !== null && exclude !== null)
    throw new SigmaError("sigma/bad-pipeline", "`include` and `exclude` exclude each other", parameters.node.span.from);
  return (name) => include?.includes(name) ?? exclude?.includes(name) !== true;
}

/** Names between percent signs in values under `expand` that no earlier item gave values. */
export function placeholdersIn(item: DetectionItem): string[] {
  if (!item.modifiers.includes("expand")) return [];
  return item.values
    .flatMap(({ value }) => (typeof value === "string" ? [...value.matchAll(/%([\w.-]+)%/g)].map(([, name]) => name!) : []))
    .filter((name) => item.placeholders?.has(name) !== true);
}

export function withPlaceholderValues(
  item: DetectionItem,
  isHandled: (name: string) => boolean,
  valuesOf: (name: string) => readonly string[],
): Selection | undefined {
  const names = placeholdersIn(item).filter(isHandled);
  if (names.length === 0) return undefined;
  return { ...item, placeholders: new Map([...(item.placeholders ?? []), ...names.map((name) => [name, valuesOf(name)] as const)]) };
}
