import { faultViews, Incidents, LogText, RulesTable, type FaultView, ruleViews, WORDS } from "../../report/index.ts";
import type { HuntResult } from "../../workbench/index.ts";
import { alertEvent, countsText, ruleLink, SyntheticNotice } from "../parts/alerts.tsx";
import { Frame, type PageContext } from "../parts/frame.tsx";

export function AlertsPage({ hunt, synthetic, place }: { hunt: HuntResult; synthetic: boolean; place: PageContext }) {
  return (
    <Frame title="Alerts" place={place} class="wide">
      <h1>Alerts</h1>
      {synthetic ? <SyntheticNotice /> : null}
      <p class="lead">{countsText(hunt)}</p>
      <Faults of={faultViews(hunt)} />
      <Incidents of={hunt.incidents} ruleLink={ruleLink(place.links)} event={alertEvent} />
      <h2 id="saw">{WORDS.rulesSaw}</h2>
      <RulesTable of={ruleViews(hunt)} ruleLink={ruleLink(place.links)} />
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
