import { SEVERITIES, visible } from "../../workbench/index.ts";
import { count, cut, millisText, plural } from "../format.ts";
import type { HitRules, RuleView } from "../view/rules.ts";
import { RULE_COLUMNS, WORDS } from "../words.ts";
import { Columns, LogText, MaybeLink, Scroll, SeverityMark } from "./marks.tsx";

/** Rules with a hit are rows, whatever else there is is counted. */
const MAX_ROWS = 1_000;
const MAX_NAME = 300;

interface RulesOptions {
  /** Where a rule is described, by its key; null where it is not. */
  readonly ruleLink?: (rule: string) => string | null;
}

/** What each rule saw: those with a hit in a table, the names of the others folded. */
export function RulesTable({ of: { hit, quiet, quietText }, ...options }: { of: HitRules } & RulesOptions) {
  return (
    <>
      {hit.length === 0 ? null : <HitTable of={hit.slice(0, MAX_ROWS)} {...options} />}
      {hit.length > MAX_ROWS ? <p class="cut">{plural(hit.length - MAX_ROWS, "further rule")} not listed.</p> : null}
      {quiet.length === 0 ? null : (
        <details>
          <summary>{quietText}</summary>
          <div class="inside">
            {[...SEVERITIES].reverse().map((severity) => (
              <QuietNames of={quiet.filter((rule) => rule.severity === severity)} {...options} />
            ))}
          </div>
        </details>
      )}
    </>
  );
}

/** Thousands of rules may be quiet: each is its name in a list, and nothing else. */
function QuietNames({ of, ruleLink }: { of: readonly RuleView[] } & RulesOptions) {
  const [first] = of;
  if (first === undefined) return null;
  return (
    <>
      <p>
        <SeverityMark of={first.severity} />
      </p>
      <ul class="names">
        {of.map(({ key, id, name }) => (
          <li>
            <MaybeLink to={ruleLink?.(key)}>{visible(cut(id === "" ? name : key, MAX_NAME))}</MaybeLink>
            {id === "" ? "" : ` ${visible(cut(name, MAX_NAME))}`}
          </li>
        ))}
      </ul>
    </>
  );
}

function HitTable({ of, ruleLink }: { of: readonly RuleView[] } & RulesOptions) {
  // Rules of no package go by their names.
  const hasIds = of.some(({ id }) => id !== "");
  const timed = of.some(({ millis }) => millis !== null);
  return (
    <Scroll label={WORDS.rulesSaw}>
      <table class="rules">
        <Columns
          of={[
            ...(hasIds ? [RULE_COLUMNS.key] : []),
            RULE_COLUMNS.severity,
            { name: RULE_COLUMNS.matched, number: true },
            { name: RULE_COLUMNS.alerts, number: true },
            ...(timed ? [{ name: RULE_COLUMNS.time, number: true } as const] : []),
            RULE_COLUMNS.name,
          ]}
        />
        <tbody>
          {of.map(({ key, id, severity, matched, alerts, millis, name, description }) => (
            <tr>
              {hasIds ? (
                <td class="entity">{id === "" ? "" : <MaybeLink to={ruleLink?.(key)}>{visible(cut(key, MAX_NAME))}</MaybeLink>}</td>
              ) : null}
              <td>
                <SeverityMark of={severity} />
              </td>
              <td class="number">{count(matched)}</td>
              <td class="number">{count(alerts)}</td>
              {timed ? <td class="number">{millis === null ? "" : millisText(millis)}</td> : null}
              <td>
                <b>
                  <MaybeLink to={id === "" ? ruleLink?.(key) : null}>
                    <LogText text={name} limit={MAX_NAME} />
                  </MaybeLink>
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
