/** The frame of a translator: what becomes of pipes and of each kind of query, and that text and losses fit together. */
import type { EventFilter, EventQuery, Query, SequenceQuery } from "../eql/index.ts";
import { conditionOf } from "./condition.ts";
import { LossList } from "./loss-list.ts";
import type { Table } from "./tables/table.ts";
import { branchesOf, type Branch } from "./tables/tables.ts";
import type { DeployFile, TranslationRequest, Translation } from "./translation.ts";

export interface QueryHandlers {
  /** Null where nothing of it can be translated; the losses say why. */
  readonly event: (query: EventQuery, losses: LossList) => string | null;
  /** Why there is none, for a target that tests one event at a time. */
  readonly sequence: ((query: SequenceQuery, losses: LossList) => string | null) | { readonly reason: string; readonly advice: string };
  /** What the platform imports, of a translation that has a text. */
  readonly files?: (text: string, losses: LossList) => readonly DeployFile[];
}

export function translateQuery({ query }: TranslationRequest, { event, sequence, files }: QueryHandlers): Translation {
  const losses = new LossList();
  if (!withoutPipes(query, losses)) return { text: "", files: [], losses: losses.list };
  const text = textOf() ?? "";
  return { text, files: text === "" ? [] : (files?.(text, losses) ?? []), losses: losses.forText(text, query.span) };

  function textOf(): string | null {
    if (query.kind === "event") return event(query, losses);
    if (query.kind === "sequence" && typeof sequence === "function") return sequence(query, losses);
    const { reason, advice } = query.kind === "sequence" && typeof sequence !== "function" ? sequence : noQuery(query);
    return losses.report("untranslatable", query.span, reason, advice);
  }
}

/** What of a filter is about each table; see `branchesOf`. */
export function filterBranches<T>(
  filter: EventFilter,
  tables: readonly Table<T>[],
  { fields }: TranslationRequest,
  losses: LossList,
): Branch<T>[] {
  return branchesOf(conditionOf(filter), tables, losses.add, filter.span, fields);
}

/**
 * Reports a query's pipes, which only SQL and Elasticsearch's own targets have. False where one changes what is found (a count, a
 * distinct count, a filter): without it the text would be another query. `head` and `tail` only limit it.
 */
function withoutPipes(query: Query, losses: LossList): boolean {
  const limits = query.pipes.every((pipe) => ["head", "tail"].includes(pipe.name.toLowerCase()));
  for (const pipe of query.pipes) {
    losses.report(limits ? "wider" : "untranslatable", pipe.span, noPipe(pipe.name));
  }
  return limits;
}

export function noPipe(name: string): string {
  return `The pipe \`${name}\` is not translated`;
}

/** Why a whole query of this kind is not translated. */
export function noQuery({ kind }: Query): { readonly reason: string; readonly advice: string } {
  return { reason: `There is nothing like \`${kind}\``, advice: "Run it with Tocsin." };
}
