import { foldCase } from "./case.ts";

/**
 * `foldCase` with a short memory: several predicates look at the same value one after another, and it is folded once. A small
 * direct-mapped cache, bounded by its slots; long texts are not kept.
 */
const SLOTS = 64;
const LONGEST = 4_096;
const texts: string[] = Array.from({ length: SLOTS }, () => "");
const results: string[] = Array.from({ length: SLOTS }, () => "");

/** The text in the form that is compared without regard to case. */
export function foldedOf(text: string): string {
  const n = text.length;
  if (n === 0 || n > LONGEST) return foldCase(text);
  const slot = (n * 31 + text.charCodeAt(n - 1) * 7 + text.charCodeAt(n >> 1)) & (SLOTS - 1);
  if (texts[slot] === text) return results[slot]!;
  const result = foldCase(text);
  texts[slot] = text;
  results[slot] = result;
  return result;
}
