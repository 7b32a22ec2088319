/** What becomes of sequences, and what is lost of them, in the same words for every target. */
import type { SequenceItem, SequenceQuery } from "../eql/index.ts";
import type { LossList } from "./loss-list.ts";

export const SEQUENCE = {
  event: "An event of the sequence cannot be translated",
  nothing: "Nothing is left of the sequence",
  noKey: "Events are joined by what they have in common, and the sequence has no key",
  noMaxspan: "The sequence has no maxspan: its events must lie in one look-back",
  reused: "An event may end several matches: what was matched is not used up",
  runs: "`with runs` within a longer sequence is not supported",
} as const;

/** The items of a sequence for a target without missing events and `until`; what is left out makes it wider. */
export function presentItems(query: SequenceQuery, losses: LossList): SequenceItem[] {
  if (query.until !== null) losses.report("wider", query.until.span, "`until` is left out");
  return presentEvents(query, losses);
}

/** The items without missing events; what is left out makes it wider. */
export function presentEvents(query: SequenceQuery, losses: LossList): SequenceItem[] {
  return query.items.filter(({ missing, span }) => {
    if (missing) losses.report("wider", span, "A missing event is left out: the others alone raise the alert");
    return !missing;
  });
}
