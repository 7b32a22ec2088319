/** Sigma: a rule, or rules and the correlation that joins them. */
import { translateSigma } from "../languages/sigma.ts";
import type { Platform } from "../translation.ts";

export const sigma = {
  title: "Sigma",
  extension: "yml",
  checked: "validated",
  translate: (request) => translateSigma(request),
} as const satisfies Platform;
