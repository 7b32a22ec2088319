import { attack, attackCoverage, type Detection } from "../../workbench/index.ts";
import { count, plural } from "../format.ts";
import { wrappedText } from "./wrap.ts";

/** What a hunt without rules of one's own looked for, and how to look for more: silence about a technique that no package is about says nothing. */
export function bundledRulesText(packages: readonly Detection[], width: number | undefined): string {
  const { version, techniques } = attack();
  const rules = packages.reduce((sum, one) => sum + one.rules.length, 0);
  const own = [...attackCoverage(packages).values()].filter((technique) => technique.packages.length > 0).length;
  const text =
    `${plural(rules, "rule")} of ${plural(packages.length, "bundled package")} ran: ${count(own)} of the ${count(techniques.length)} techniques ` +
    `of ATT&CK ${version} that concern Windows. More: --rules PATH, or \`tocsin rules add PATH\` for good, takes a checkout of SigmaHQ's or Elastic's rules.`;
  return `${wrappedText(text, width).join("\n")}\n`;
}
