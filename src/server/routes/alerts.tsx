import { Alerts, RulesSaw, SyntheticNotice } from "../parts/alerts.tsx";
import { Frame, type PageContext } from "../parts/frame.tsx";
import { plural } from "../parts/marks.tsx";
import type { HuntResult } from "../../workbench/index.ts";

export function AlertsPage({ hunt, synthetic, place }: { hunt: HuntResult; synthetic: boolean; place: PageContext }) {
  return (
    <Frame title="Alerts" place={place} class="wide">
      <h1>Alerts</h1>
      {synthetic ? <SyntheticNotice /> : null}
      <p class="lead">
        {plural(hunt.events, "event")}, {plural(hunt.alerts.length, "alert")}, {plural(hunt.incidents.length, "incident")}.
      </p>
      <Alerts hunt={hunt} links={place.links} />
      <h2 id="saw">What each rule saw</h2>
      <RulesSaw hunt={hunt} links={place.links} />
    </Frame>
  );
}
