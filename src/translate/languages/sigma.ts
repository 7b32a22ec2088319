/** Sigma documents of a rule, its metadata included. */
import { exportSigma, type ExportMetadata } from "../../sigma/index.ts";
import type { RuleMetadata, Translation, TranslationRequest } from "../translation.ts";

export function translateSigma({ query, metadata }: TranslationRequest): Translation {
  const { documents, losses } = exportSigma(query, exportMetadata(metadata));
  return { text: documents, files: [], losses };
}

function exportMetadata(metadata: RuleMetadata): ExportMetadata {
  return {
    uuid: metadata.uuid,
    title: metadata.title,
    ...(metadata.description === "" ? {} : { description: metadata.description }),
    status: metadata.kind === "hunt" ? "experimental" : "test",
    level: metadata.severity,
    ...(metadata.authors.length === 0 ? {} : { author: metadata.authors.join(", ") }),
    ...(metadata.created === "" ? {} : { date: metadata.created }),
    ...(metadata.modified === "" ? {} : { modified: metadata.modified }),
    tags: metadata.attack.flatMap(({ tactic, technique, subtechnique }) => [
      `attack.${tactic.name.toLowerCase().replaceAll(" ", "-")}`,
      `attack.${technique.id.toLowerCase()}`,
      ...(subtechnique === null ? [] : [`attack.${subtechnique.id.toLowerCase()}`]),
    ]),
    references: metadata.references,
    falsepositives: metadata.falsePositives,
  };
}
