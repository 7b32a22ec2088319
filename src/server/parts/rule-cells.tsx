/** What every table of a package's rules says of one. */
import { SeverityMark } from "../../report/index.ts";
import type { Rule } from "../../workbench/index.ts";
import type { PackageView } from "../package-view.ts";

/** The sources whose events the rule reads, each once. */
export function telemetryOf(rule: Rule): string[] {
  return [...new Set(rule.data_sources.map(({ source }) => source))];
}

/** Its id with the link to its page, name, severity, confidence, where it looks, and telemetry. */
export function RuleCells({ rule, view, id, href }: { rule: Rule; view: PackageView; id: string; href: string }) {
  return (
    <>
      <td>
        <a class="rule" href={href}>
          {id}
        </a>
      </td>
      <th scope="row">
        {rule.name} {view.startWith.includes(rule) ? <span class="start-with">start with</span> : null}
      </th>
      <td>
        <SeverityMark of={rule.severity} />
      </td>
      <td data-label="confidence">{rule.confidence}</td>
      <td data-label="on">{rule.layer ?? ""}</td>
      <td>{telemetryOf(rule).join(" ")}</td>
    </>
  );
}
