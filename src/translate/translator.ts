/** The frame of a translator: what becomes of pipes and of each kind of query, and that text and losses fit together. */
import type { EventQuery, Query, SequenceItem, SequenceQuery } from "../eql/index.ts";
import { LossList } from "./loss-list.ts";
import type { DeployFile, TranslationRequest, Translation } from "./translation.ts";

export interface QueryHandlers {
  /** Null where nothing of it can be said; the losses tell why. */
  readonly event: (query: EventQuery, losses: LossList) => string | null;
  /** Why there is none, for a target that tests one event at a time. */
  readonly sequence: ((query: SequenceQuery, losses: LossList) => string | null) | { readonly reason: string; readonly advice: string };
  /** What the platform takes in, of a translation that has a text. */
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
    const { reason, advice } =
      query.kind === "sequence" && typeof sequence !== "function"
        ? sequence
        : { reason: `There is nothing like \`${query.kind}\``, advice: "Run it with Tocsin." };
    losses.add({ effect: "untranslatable", span: query.span, reason, advice });
    return null;
  }
}

/** The items of a sequence that a target without missing events and `until` can say; what is left out makes it wider. */
export function presentItems(query: SequenceQuery, losses: LossList): SequenceItem[] {
  if (query.until !== null) losses.add({ effect: "wider", span: query.until.span, reason: "`until` is left out", advice: null });
  return query.items.filter(({ missing, span }) => {
    if (missing)
      losses.add({ effect: "wider", span, reason: "A missing event is left out: the others alone raise the alert", advice: null });
    return !missing;
  });
}

/**
 * Tells of a query's pipes, which no target but SQL and Elasticsearch's own knows. False where one changes what is found (a count, a
 * distinct count, a filter): without it the text would be another query. `head` and `tail` only limit it.
 */
function withoutPipes(query: Query, losses: LossList): boolean {
  const limits = query.pipes.every((pipe) => ["head", "tail"].includes(pipe.name.toLowerCase()));
  for (const pipe of query.pipes) {
    const reason = `The pipe \`${pipe.name}\` is not carried over`;
    losses.add({ effect: limits ? "wider" : "untranslatable", span: pipe.span, reason, advice: null });
  }
  return limits;
}
