import {
  alertFacts,
  AlertsOverTime,
  FactList,
  faultViews,
  hitRules,
  Incidents,
  LogText,
  RulesTable,
  type FaultView,
  WORDS,
} from "../../report/index.ts";
import type { HuntResult, TimeZone } from "../../workbench/index.ts";
import { alertEvent, countsText, ruleLink, SyntheticNotice } from "../parts/alerts.tsx";
import { Frame, type PageContext } from "../parts/frame.tsx";

interface AlertsPageOptions {
  readonly hunt: HuntResult;
  readonly zone: TimeZone;
  readonly synthetic: boolean;
  /** The pages of rules of no package, by the rules' keys. */
  readonly loose: ReadonlyMap<string, string>;
  readonly place: PageContext;
}

export function AlertsPage({ hunt, zone, synthetic, loose, place }: AlertsPageOptions) {
  const link = ruleLink(place, loose);
  return (
    <Frame title="Alerts" place={place} class="wide">
      <h1>Alerts</h1>
      {synthetic ? <SyntheticNotice /> : null}
      <p class="lead">{countsText(hunt)}</p>
      <Faults of={faultViews(hunt)} />
      <FactList of={alertFacts(hunt, zone)} />
      <AlertsOverTime of={hunt} zone={zone} />
      <Incidents of={hunt.incidents} zone={zone} ruleLink={link} event={alertEvent} />
      <h2 id="saw">{WORDS.rulesSaw}</h2>
      <RulesTable of={hitRules(hunt)} ruleLink={link} />
    </Frame>
  );
}

function Faults({ of }: { of: readonly FaultView[] }) {
  if (of.length === 0) return null;
  return (
    <section aria-labelledby="faults">
      <h2 id="faults">{WORDS.faults}</h2>
      <ul>
        {of.map(({ line }) => (
          <li>
            <LogText text={line} />
          </li>
        ))}
      </ul>
    </section>
  );
}
