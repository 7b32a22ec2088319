/** Sigma as a platform. */
import { exportSigma, type ExportMetadata } from "../../sigma/index.ts";
import type { Platform, TranslationRequest, RuleMetadata, Translation } from "../../translate/index.ts";

export const sigma: Platform = {
  title: "Sigma",
  extension: "yml",
  checked: "validated",
  translate: (request) => sigmaOf(request),
};

export function sigmaOf({ query, head }: TranslationRequest): Translation {
  const { documents, losses } = exportSigma(query, headOf(head));
  return { text: documents, files: [], losses };
}

function headOf(head: RuleMetadata): ExportMetadata {
  return {
    uuid: head.uuid,
    title: head.title,
    ...(head.description === "" ? {} : { description: head.description }),
    status: head.kind === "hunt" ? "experimental" : "test",
    level: head.severity,
    ...(head.authors.length === 0 ? {} : { author: head.authors.join(", ") }),
    ...(head.created === "" ? {} : { date: head.created }),
    ...(head.modified === "" ? {} : { modified: head.modified }),
    tags: head.attack.flatMap(({ tactic, technique, subtechnique }) => [
      `attack.${tactic.name.toLowerCase().replaceAll(" ", "-")}`,
      `attack.${technique.id.toLowerCase()}`,
      ...(subtechnique === null ? [] : [`attack.${subtechnique.id.toLowerCase()}`]),
    ]),
    references: head.references,
    falsepositives: head.falsePositives,
  };
}
