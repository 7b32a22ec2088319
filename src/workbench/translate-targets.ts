/** Every target: the platforms of the translators' room, and those that are made of Sigma. */
import { exportSigma, type ExportHead } from "../sigma/index.ts";
import { PLATFORMS, type Platform, type Request, type RuleHead, type Translation } from "../translate/index.ts";

const sigma: Platform = {
  title: "Sigma",
  extension: "yml",
  checked: "executed",
  translate: (request) => sigmaOf(request),
};

export const TARGETS: Readonly<Record<string, Platform>> = { ...PLATFORMS, sigma };

export function targetNamed(name: string): Platform | undefined {
  return Object.hasOwn(TARGETS, name) ? TARGETS[name] : undefined;
}

export function sigmaOf({ query, head }: Request): Translation {
  const { documents, losses } = exportSigma(query, sigmaHeadOf(head));
  return { text: documents, files: [], losses };
}

function sigmaHeadOf(head: RuleHead): ExportHead {
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
