/** A Sigma filter of its own: what a field of ECS is called in it, its text, and what it takes away from the rules it names. */
import { parseWildcard, type Expr } from "../../eql/index.ts";
import { not } from "../expr.ts";
import { SigmaError } from "../problem.ts";
import { serve, type LogSourceName } from "../taxonomy/log-source.ts";
import { productsOf } from "../taxonomy/products/products.ts";
import { CATEGORIES, HEADER, SERVICES, type FieldTable } from "../taxonomy/taxonomy.ts";
import { printText } from "../text.ts";
import { yamlText } from "../yaml-text.ts";
import { detectionExpr, detectionOf, readLogSource } from "./rule.ts";
import { readDetection } from "./selection.ts";
import { readYaml } from "./yaml-node.ts";

export interface SigmaFieldName {
  readonly name: string;
  /** Its values are `DOMAIN\name`. */
  readonly isAccount: boolean;
}

/** The Sigma field that on events of the log source has the value of a field of ECS; null where there is none. */
export function sigmaFieldOf(logsource: LogSourceName, field: string): SigmaFieldName | null {
  const source = serve(logsource);
  if (source === null) return null;
  for (const name of tablesOf(logsource).flatMap((table) => Object.keys(table))) {
    for (const target of source.targets(name)) {
      if (target === field || (typeof target !== "string" && target.kind === "hive" && target.field === field))
        return { name, isAccount: false };
      if (typeof target !== "string" && target.kind === "account" && target.name === field) return { name, isAccount: true };
    }
  }
  const raw = /^winlog\.event_data\.([^.|]+)$/.exec(field)?.[1] ?? field;
  return source.targets(raw).includes(field) ? { name: raw, isAccount: false } : null;
}

function tablesOf({ product, category, service }: LogSourceName): FieldTable[] {
  const [forProduct, forCategory, forService] = [product, category, service].map((part) => part?.toLowerCase() ?? null);
  const own = (table: Readonly<Record<string, { readonly fields: FieldTable }>>, name: string | null | undefined): FieldTable[] =>
    typeof name === "string" && Object.hasOwn(table, name) ? [table[name]!.fields] : [];
  const windows = forProduct == null || forProduct === "windows";
  return [
    ...(windows ? [...own(CATEGORIES, forCategory), ...own(SERVICES, forService), HEADER] : []),
    ...productsOf(forProduct ?? null, forCategory ?? null, forService ?? null).map(({ fields }) => fields),
  ];
}

export interface FilterText {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** `2026-11-24` */
  readonly date: string;
  readonly logsource: LogSourceName;
  /** Ids or names of the rules it is attached to. */
  readonly rules: readonly string[];
  /** All must hold of an event that is taken away; of a field any of the values, in which `*` and `?` are wildcards. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
}

export function printFilter({ id, title, description, date, logsource, rules, fields }: FilterText): string {
  const value = (text: string): string => printText(parseWildcard(text));
  const selection = Object.fromEntries(
    Object.entries(fields).map(([field, values]) => [field, values.length === 1 ? value(values[0]!) : values.map(value)]),
  );
  return yamlText({
    title,
    id,
    description,
    date,
    logsource: Object.fromEntries(Object.entries(logsource).filter(([, part]) => part !== null)),
    filter: { rules, selection, condition: "not selection" },
  });
}

/** What holds of the events that a filter takes away from rules of a log source. Throws a `SigmaError` where it cannot be read. */
export function filteredAway(text: string, logsource: LogSourceName): Expr {
  const [document] = readYaml("filter.yml", text).documents;
  const source = serve(logsource);
  if (document?.kind !== "map" || source === null) throw new SigmaError("sigma/no-rule", "There is no filter", 0);
  readLogSource(document);
  const { condition } = detectionExpr(readDetection(detectionOf(document, "filter"), ["rules"]), { source, placeholder: () => undefined });
  return not(condition, condition.span);
}
