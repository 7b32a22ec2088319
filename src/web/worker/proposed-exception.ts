import { propose, RuleTuning, type Detection, type RuleSet, type Tuning, type WrittenAlert } from "../../workbench/index.ts";
import type { FieldValueText, ProposedException } from "../protocol.ts";

/** Days after which an exception has to be looked at again. */
const DAYS = 90;

/** The exception that fits one alert: what `tune` would propose if this alone were a false positive. */
export function proposedException(
  rule: string,
  id: string,
  alerts: readonly WrittenAlert[],
  packages: readonly Detection[],
  set: RuleSet | null,
  today: string,
  tunings: ReadonlyMap<string, Tuning>,
): ProposedException {
  const expires = new Date(Date.parse(`${today}T00:00:00Z`) + DAYS * 86_400_000).toISOString().slice(0, 10);
  const options = { today, owner: "FILL IN: who answers for this", reason: "FILL IN: why this is harmless", expires, falsePositives: [id] };
  const detection = packages.find((one) => rule.startsWith(`${one.id}/`));
  if (detection !== undefined) {
    const { proposals, left } = propose(detection, alerts, options, tunings.get(detection.id));
    const [best] = proposals;
    if (best === undefined) return { kind: "none", why: left[0]?.why ?? "Its events name nothing to make one of." };
    const { source, account, artefact } = best.exception;
    return {
      kind: "package",
      parts: { source: conditionsOf(source), account: conditionsOf(account), artefact: conditionsOf(artefact) },
      problems: best.problems,
    };
  }
  const loose = set === null ? undefined : [...set.rules, ...set.correlations.map((one) => one.rule)].find(({ key }) => key === rule);
  if (set === null || loose === undefined) return { kind: "none", why: "The rule is not loaded any more." };
  // A page has no logs of cases: what it proposes is held against the alerts of the hunt alone.
  const { proposals, left } = new RuleTuning(set, loose, alerts, options).finish([]);
  const [best] = proposals;
  if (best === undefined || best.text === null)
    return { kind: "none", why: best?.problems[0] ?? left[0]?.why ?? "Its events name nothing to make one of." };
  return {
    kind: "rule",
    file: best.fileName,
    text: best.text,
    removes: best.removes.length,
    alsoHides: best.alsoHides.length,
  };
}

function conditionsOf(part: { readonly [field: string]: readonly string[] }): FieldValueText[] {
  return Object.entries(part).flatMap(([field, values]) => values.map((value) => ({ field, value })));
}
