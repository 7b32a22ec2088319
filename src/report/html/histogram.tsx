import type { HuntResult, TimeZone } from "../../workbench/index.ts";
import { count } from "../format.ts";
import { alertHistogram, histogramTitle } from "../view/alert-counts.ts";
import { ALERT_COLUMNS, RULE_COLUMNS } from "../words.ts";
import { Columns, Scroll, SeverityMark } from "./marks.tsx";

/**
 * How many alerts there are along the time; nothing where less than two have one. The bars are pictures: whoever does not see them has the
 * numbers and the severities as text.
 */
export function AlertsOverTime({ of, zone }: { of: Pick<HuntResult, "alerts">; zone: TimeZone }) {
  const histogram = alertHistogram(of, zone);
  if (histogram === null) return null;
  const title = histogramTitle(histogram, zone);
  const most = histogram.bars.reduce((max, { alerts }) => Math.max(max, alerts), 1);
  return (
    <Scroll label={title}>
      <table class="histogram">
        <caption>{title}</caption>
        <Columns of={[ALERT_COLUMNS.time, { name: RULE_COLUMNS.alerts, number: true }, "Worst"]} />
        <tbody>
          {histogram.bars.map(({ name, alerts, worst }) => (
            <tr>
              <th scope="row">{name}</th>
              <td class="number">{count(alerts)}</td>
              <td>
                {worst === null ? null : (
                  <>
                    <SeverityMark of={worst} />
                    {/* A picture, for a style in an attribute is against the pages' policy, and backgrounds are not printed. */}
                    <svg class="bar-of-alerts" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
                      <rect class={worst} width={Math.ceil((100 * alerts) / most)} height="1" />
                    </svg>
                  </>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
