/** The losses of a translation. */
import type { Loss, LossEffect, Span } from "../eql/index.ts";

/** The worst of the losses: what the translation is as a whole. */
export function effectOf(losses: readonly Loss[]): LossEffect {
  const effects = new Set(losses.map((loss) => loss.effect));
  for (const effect of ["untranslatable", "narrower", "wider"] as const) if (effects.has(effect)) return effect;
  return "exact";
}

/** Gathers losses, each once. */
export class LossList {
  readonly list: Loss[] = [];

  readonly add = (loss: Loss): void => {
    const known = this.list.some(
      (other) => other.effect === loss.effect && other.reason === loss.reason && other.span.from === loss.span.from,
    );
    if (!known) this.list.push(loss);
  };

  /** As `add`. @returns null, for callers that give up with the loss. */
  report(effect: LossEffect, span: Span, reason: string, advice: string | null = null): null {
    this.add({ effect, span, reason, advice });
    return null;
  }

  /**
   * The losses of a translation with this text. Where there is one, what could not be translated was one kind of event among others,
   * or one alternative: the translation is narrower. Where there is none, one loss says why.
   */
  forText(text: string, span: Span): readonly Loss[] {
    if (text !== "") return this.list.map((loss) => (loss.effect === "untranslatable" ? { ...loss, effect: "narrower" } : loss));
    if (!this.list.some((loss) => loss.effect === "untranslatable"))
      this.add({ effect: "untranslatable", span, reason: "The condition never holds on what the target records", advice: null });
    return this.list;
  }
}
