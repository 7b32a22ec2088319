import { count, millisText } from "../format.ts";
import type { RuleView } from "../view/hunt.ts";
import { RULE_COLUMNS, WORDS } from "../words.ts";
import { Columns, LogText, Scroll, SeverityMark } from "./marks.tsx";

/** What each rule saw. `ruleLink`: where a rule is described, by its key. */
export function RulesTable({ of, ruleLink }: { of: readonly RuleView[]; ruleLink?: (rule: string) => string }) {
  const timed = of.some(({ millis }) => millis !== null);
  return (
    <Scroll label={WORDS.rulesSaw}>
      <table class="rules">
        <Columns
          of={[
            RULE_COLUMNS.key,
            RULE_COLUMNS.severity,
            { name: RULE_COLUMNS.matched, number: true },
            { name: RULE_COLUMNS.alerts, number: true },
            ...(timed ? [{ name: RULE_COLUMNS.time, number: true } as const] : []),
            RULE_COLUMNS.name,
          ]}
        />
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
    </Scroll>
  );
}
