import type { Span } from "../span.ts";

/**
 * What a translation of (a part of) a query is, compared with the query.
 * `exact`: the same events, written differently. `wider`: it also matches others. `narrower`: it misses some. `untranslatable`: the
 * target cannot express it, and there is no text for it.
 */
export type LossEffect = "exact" | "wider" | "narrower" | "untranslatable";

/** The effect of a change to a part of a condition: under an odd number of `not` a wider part makes the whole narrower. */
export function turned(effect: "wider" | "narrower", positive: boolean): LossEffect {
  if (positive) return effect;
  return effect === "wider" ? "narrower" : "wider";
}

/** One thing a translation does not carry over as it stands. Plain data; a translation without any is the same detection. */
export interface Loss {
  readonly effect: LossEffect;
  /** The part of the source it is about. */
  readonly span: Span;
  /** One sentence. */
  readonly reason: string;
  /** What the user can do; null where nothing helps. */
  readonly advice: string | null;
  /**
   * What is left out had to hold, and nothing else says so: the translation may find something else altogether. Absent for what is
   * wider in another way, an exclusion that is left out among them: that finds the rule's events, and more false positives.
   */
  readonly dropsConjunct?: true;
}
