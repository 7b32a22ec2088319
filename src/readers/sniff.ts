import type { Container } from "./archives/container.ts";
import { type Format, type Head } from "./format.ts";
import { containers, formats } from "./formats.ts";
import { type Refused, refusedFormats } from "./refused.ts";
import { detectEncoding } from "./text/text.ts";

/** What the beginning of a file was found to be. */
export type Sniffed =
  | { readonly kind: "format"; readonly format: Format; readonly sureness: number }
  | { readonly kind: "container"; readonly container: Container }
  | { readonly kind: "refused"; readonly refused: Refused }
  | { readonly kind: "unknown" };

/** The beginning of a file, ready for sniffing. */
export function makeHead(bytes: Uint8Array, whole: boolean): Head {
  const { encoding, mark } = detectEncoding(bytes);
  const text = new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes.subarray(mark));
  // A log that was open when the machine crashed may begin with a block of NULs.
  // oxlint-disable-next-line no-control-regex
  return { bytes, text: text.replace(/^[\s\uFEFF\u0000]+/, ""), encoding, whole };
}

/** Decides by content alone: a name says nothing about what a file holds. */
export function sniff(head: Head): Sniffed {
  let best: Sniffed = { kind: "unknown" };
  let surest = 0;
  for (const container of containers) {
    const sureness = container.sniff(head);
    if (sureness > surest) [best, surest] = [{ kind: "container", container }, sureness];
  }
  for (const format of formats) {
    const sureness = format.sniff(head);
    if (sureness > surest) [best, surest] = [{ kind: "format", format, sureness }, sureness];
  }
  if (surest >= 0.9) return best;
  for (const refused of refusedFormats) if (refused.sniff(head)) return { kind: "refused", refused };
  return best;
}
