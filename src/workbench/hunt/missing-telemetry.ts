import type { Detection, Rule } from "../../catalog/index.ts";
import { sourceById, type Telemetry } from "../../ecs/index.ts";
import type { HuntResult } from "./hunt.ts";

/** A rule that could not see all it looks for, since events it needs were not in the input. */
export interface BlindRule {
  readonly key: string;
  readonly name: string;
  /** `whole`: no event of any kind the rule needs was there, so its silence says nothing. `part`: some kinds were. */
  readonly blind: "whole" | "part";
  /** The kinds that were not there, with what makes Windows write them. */
  readonly missing: readonly { readonly source: Telemetry; readonly events: readonly string[]; readonly audit: string }[];
}

/**
 * Which rules of the packages were blind in a hunt: the events a rule declares it needs, held against those that were read. It says
 * nothing of how complete a log is, only of what is not there at all.
 */
export function blindRules(packages: readonly Detection[], result: Pick<HuntResult, "kinds">): BlindRule[] {
  const seen = new Map<Telemetry, Set<string>>();
  for (const { source, code } of result.kinds) {
    for (const telemetry of sourceById(source)?.telemetry ?? []) {
      const codes = seen.get(telemetry);
      if (codes === undefined) seen.set(telemetry, new Set([code]));
      else codes.add(code);
    }
  }
  return packages.flatMap((detection) => detection.rules.flatMap((rule) => blindRule(`${detection.id}/${rule.id}`, rule, seen) ?? []));
}

function blindRule(key: string, rule: Rule, seen: ReadonlyMap<Telemetry, ReadonlySet<string>>): BlindRule | null {
  let found = 0;
  const missing: BlindRule["missing"][number][] = [];
  for (const { source, events, audit } of rule.data_sources) {
    const codes = seen.get(source);
    // Elastic Defend's events have no ids.
    const absent = events.filter((code) => codes?.has(code) !== true);
    const isThere = events.length === 0 ? codes !== undefined : absent.length < events.length;
    if (isThere) found++;
    if (events.length === 0 ? !isThere : absent.length > 0) missing.push({ source, events: absent, audit });
  }
  if (missing.length === 0) return null;
  return { key, name: rule.name, blind: found === 0 ? "whole" : "part", missing };
}
