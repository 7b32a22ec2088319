import { count, millisText } from "../format.ts";
import type { RuleView } from "../view/hunt.ts";
import { RULE_COLUMNS, WORDS } from "../words.ts";
import { LogText, SeverityMark } from "./marks.tsx";

/** What each rule saw. `ruleLink`: where a rule is described, by its key. */
export function RulesTable({ of, ruleLink }: { of: readonly RuleView[]; ruleLink?: (rule: string) => string }) {
  const timed = of.some(({ millis }) => millis !== null);
  return (
    <div class="scroll" tabindex={0} role="group" aria-label={WORDS.rulesSaw}>
      <table class="rules">
        <thead>
          <tr>
            <th scope="col">{RULE_COLUMNS.key}</th>
            <th scope="col">{RULE_COLUMNS.severity}</th>
            <th scope="col" class="number">
              {RULE_COLUMNS.matched}
            </th>
            <th scope="col" class="number">
              {RULE_COLUMNS.alerts}
            </th>
            {timed ? (
              <th scope="col" class="number">
                {RULE_COLUMNS.time}
              </th>
            ) : null}
            <th scope="col">{RULE_COLUMNS.name}</th>
          </tr>
        </thead>
        <tbody>
          {of.map(({ key, severity, matched, alerts, millis, name, description }) => (
            <tr>
              <td class="entity">{ruleLink === undefined ? <LogText text={key} limit={200} /> : <a href={ruleLink(key)}>{key}</a>}</td>
              <td>
                <SeverityMark of={severity} />
              </td>
              <td class="number">{count(matched)}</td>
              <td class="number">{count(alerts)}</td>
              {timed ? <td class="number">{millis === null ? "" : millisText(millis)}</td> : null}
              <td>
                <b>
                  <LogText text={name} limit={300} />
                </b>{" "}
                <LogText text={description} limit={1_000} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
