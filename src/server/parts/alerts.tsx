/** The alerts of a hunt on the server's pages. */
import type { HuntResult } from "../../workbench/index.ts";
import { plural } from "../../report/index.ts";
import type { PageContext } from "./frame.tsx";

export function SyntheticNotice() {
  return <p class="notice">These events are a synthetic lab log, made for this project. They were not recorded from a real network.</p>;
}

/** `408 events, 40 alerts, 2 incidents.` */
export function countsText(hunt: HuntResult): string {
  const faults = hunt.faults.length === 0 ? "" : `; ${plural(hunt.faults.length, "fault")}, by which alerts may be missing`;
  return `${plural(hunt.events, "event")}, ${plural(hunt.alerts.length, "alert")}, ${plural(hunt.incidents.length, "incident")}${faults}.`;
}

/** Where a rule is described, by its key. `loose`: the pages of rules of no package. Null for a rule that has none. */
export function ruleLink({ links, packages }: PageContext, loose: ReadonlyMap<string, string>): (rule: string) => string | null {
  return (rule) => {
    const path = loose.get(rule);
    if (path !== undefined) return links.to(path);
    const slash = rule.lastIndexOf("/");
    return packages.has(rule.slice(0, slash)) ? links.to(`detections/${rule.slice(0, slash)}/rules/${rule.slice(slash + 1)}/`) : null;
  };
}
