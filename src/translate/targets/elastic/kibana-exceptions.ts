/** Exceptions as an exception list of Kibana's, which is in the same file as its rule. */
import { jsonText } from "../../json-text.ts";
import type { KibanaEntry, KibanaExceptionItem, KibanaExceptionList } from "./kibana-schema.ts";
import type { RuleException, RuleMetadata } from "../../translation.ts";

export interface KibanaExceptions {
  readonly list: KibanaExceptionList;
  readonly items: readonly KibanaExceptionItem[];
  /** What could not be taken over. */
  readonly leftOut: readonly RuleException[];
}

/** An exception of more combinations of wildcards than this is left out: the rule then alerts rather than stays silent. */
const MAX_ITEMS = 50;

/** An exception list as Kibana exports and imports one by itself. */
export interface SharedExceptions {
  /** NDJSON: the list, its items, how many there are. */
  readonly text: string;
  readonly leftOut: readonly RuleException[];
}

/**
 * The exceptions of a rule that is kept elsewhere, as a shared list. In Kibana the list is linked to the rule by hand; its `meta` says to which.
 * Null where Kibana can have none of them.
 */
export function sharedExceptions(
  { ruleId, title }: { readonly ruleId: string; readonly title: string },
  exceptions: readonly RuleException[],
): SharedExceptions | null {
  const made = kibanaExceptions({ uuid: ruleId, id: ruleId, title, exceptions });
  if (made === null || made.items.length === 0) return null;
  const list = {
    ...made.list,
    type: "detection",
    name: `Exceptions of ${title}`,
    description: `Link it to the rule ${ruleId}.`,
    meta: { rule_ids: [ruleId] },
  };
  const counts = {
    exported_exception_list_count: 1,
    exported_exception_list_item_count: made.items.length,
    missing_exception_list_item_count: 0,
    missing_exception_list_items: [],
    missing_exception_lists: [],
    missing_exception_lists_count: 0,
  };
  return { text: [list, ...made.items, counts].map((line) => `${jsonText(line)}\n`).join(""), leftOut: made.leftOut };
}

/** Null where there is none. */
export function kibanaExceptions(metadata: Pick<RuleMetadata, "uuid" | "id" | "title" | "exceptions">): KibanaExceptions | null {
  const exceptions = metadata.exceptions ?? [];
  if (exceptions.length === 0) return null;
  const listId = `${metadata.uuid}-exceptions`;
  const items: KibanaExceptionItem[] = [];
  const leftOut: RuleException[] = [];
  for (const exception of exceptions) {
    const all = combinations(exception);
    if (all === null) {
      leftOut.push(exception);
      continue;
    }
    all.forEach((entries, at) =>
      items.push({
        list_id: listId,
        item_id: `${metadata.uuid}-${exception.id}${all.length > 1 ? `-${at + 1}` : ""}`,
        type: "simple",
        namespace_type: "single",
        name: `${exception.title}${all.length > 1 ? ` (${at + 1} of ${all.length})` : ""}`,
        description: `${exception.reason} Owner: ${exception.owner}.`,
        entries: [...entries],
        os_types: [],
        tags: [],
        comments: [],
        // In force through that day.
        expire_time: `${exception.expires}T23:59:59.999Z`,
      }),
    );
  }
  return {
    list: {
      list_id: listId,
      type: "rule_default",
      namespace_type: "single",
      name: `Exceptions of ${metadata.id}: ${metadata.title}`,
      description: "Written from the exceptions of the detection package; change them there.",
      tags: [],
      os_types: [],
    },
    items,
    leftOut,
  };
}

/** An entry has one wildcard or many plain values; so a condition of several wildcards takes an item for each. */
function combinations(exception: RuleException): readonly (readonly KibanaEntry[])[] | null {
  let combined: KibanaEntry[][] = [[]];
  for (const { field, values } of exception.conditions) {
    const plain = values.filter((value) => !/[*?]/.test(value));
    const entries: KibanaEntry[] = values
      .filter((value) => /[*?]/.test(value))
      .map((value) => ({ field, type: "wildcard", operator: "included", value: value.replaceAll("\\", "\\\\") }));
    if (plain.length === 1) entries.unshift({ field, type: "match", operator: "included", value: plain[0]! });
    else if (plain.length > 1) entries.unshift({ field, type: "match_any", operator: "included", value: plain });
    combined = combined.flatMap((left) => entries.map((entry) => [...left, entry]));
    if (combined.length > MAX_ITEMS) return null;
  }
  return combined;
}
