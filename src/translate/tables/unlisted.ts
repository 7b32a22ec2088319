/**
 * Events of which no table has a row: those of Windows' channels that nothing more is known of than what a rule says. A rule that names
 * the channel is about them all the same: its event ids are looked for there, and its fields under the names that the event's data has.
 */
import { foldedOf, literalText, predicatesOf, type Condition, type Predicate } from "../../eql/index.ts";
import { isPlainText } from "../plain-text.ts";
import type { Table, TableEvent, Unlisted } from "./table.ts";

/** The tables with the events that the condition names and no table lists. */
export function withUnlisted<T>(condition: Condition, tables: readonly Table<T>[]): readonly Table<T>[] {
  const unlisted = unlistedIn(condition, tables);
  if (unlisted.length === 0) return tables;
  return tables.map((table) => {
    const more = unlisted.flatMap((of): TableEvent<T> | readonly TableEvent<T>[] => table.unlisted?.(of) ?? []);
    return more.length === 0 ? table : { ...table, events: [...table.events, ...more] };
  });
}

function unlistedIn<T>(condition: Condition, tables: readonly Table<T>[]): readonly Unlisted[] {
  if (!tables.some((table) => table.unlisted !== undefined)) return [];
  const predicates = predicatesOf(condition);
  const named = literalsOf(predicates, ["winlog.channel"]);
  if (named.size === 0) return [];
  const listed = new Map<string, { readonly channel: string; readonly codes: Set<string>; readonly providers: Set<string> }>();
  for (const { known } of tables.flatMap(({ events }) => events)) {
    const [channel] = known.get("winlog.channel") ?? [];
    if (channel === undefined) continue;
    const of = listed.get(foldedOf(channel)) ?? { channel, codes: new Set(), providers: new Set() };
    listed.set(foldedOf(channel), of);
    for (const code of known.get("event.code") ?? []) of.codes.add(code);
    for (const provider of known.get("event.provider") ?? []) of.providers.add(provider);
  }
  const asked = [...new Set(predicates.flatMap((predicate) => ("field" in predicate ? [predicate.field] : [])))];
  const codes = literalsOf(predicates, ["event.code", "winlog.event_id"]);
  return [...named].flatMap(([folded, channel]): Unlisted[] => {
    const own = listed.get(folded);
    if (own === undefined) return [{ channel, code: null, providers: [], asked }];
    const more = [...codes.values()].filter((code) => /^\d+$/.test(code) && !own.codes.has(code));
    return more.map((code) => ({ channel: own.channel, code, providers: [...own.providers], asked }));
  });
}

/** The whole values that fields are compared with, by what they are in any case. */
function literalsOf(predicates: readonly Predicate[], fields: readonly string[]): ReadonlyMap<string, string> {
  const literals = new Map<string, string>();
  for (const predicate of predicates) {
    if (!("field" in predicate) || !fields.includes(predicate.field)) continue;
    const values =
      predicate.kind === "text"
        ? predicate.patterns.map(({ parts }) => literalText(parts))
        : predicate.kind === "value" && predicate.op === "=="
          ? [String(predicate.value)]
          : [];
    // Targets write an id as it is, and a channel as a text that no line break ends.
    for (const value of values)
      if (value !== null && isPlainText(value) && !literals.has(foldedOf(value))) literals.set(foldedOf(value), value);
  }
  return literals;
}
