import {
  alertFacts,
  alertView,
  AlertsOverTime,
  ALERT_COLUMNS,
  ALERT_LIMITS,
  Columns,
  count,
  FactList,
  faultViews,
  hitRules,
  Incidents,
  LogText,
  MaybeLink,
  plural,
  RulesTable,
  Scroll,
  SeverityMark,
  Time,
  type FaultView,
  type ListedIncident,
  WORDS,
} from "../../report/index.ts";
import type { HuntResult, TimeZone } from "../../workbench/index.ts";
import { countsText, ruleLink, SyntheticNotice } from "../parts/alerts.tsx";
import { Frame, type PageContext } from "../parts/frame.tsx";

interface AlertsPageOptions {
  readonly hunt: HuntResult;
  readonly zone: TimeZone;
  readonly synthetic: boolean;
  readonly incidents: readonly ListedIncident[];
  /** The pages of rules of no package, by the rules' keys. */
  readonly loose: ReadonlyMap<string, string>;
  readonly place: PageContext;
}

/** Alerts in the page as it is served; with a script all of them are there. */
const FIRST_ALERTS = 100;
const FIRST_INCIDENTS = 20;

export function AlertsPage({ hunt, incidents, zone, synthetic, loose, place }: AlertsPageOptions) {
  const link = ruleLink(place, loose);
  const { links } = place;
  return (
    <Frame title="Alerts" place={place} class="alerts-page">
      <link rel="stylesheet" href={links.asset("alerts.css")} />
      <script defer src={links.asset("alerts.js")}></script>
      <h1>Alerts</h1>
      {synthetic ? <SyntheticNotice /> : null}
      <p class="lead">{countsText(hunt)}</p>
      <Faults of={faultViews(hunt)} />
      <div
        id="alerts"
        data-list={links.to("alerts/alerts.json")}
        data-folder={links.to("alerts/")}
        data-root={links.to("")}
        data-zone={zone.name}
        data-packages={[...place.packages].join(" ")}
      >
        {links.face === "written" ? (
          // From a disk a browser loads nothing into a page: what it would ask for is in it.
          <Incidents of={hunt} zone={zone} ruleLink={link} />
        ) : (
          <FirstAlerts hunt={hunt} incidents={incidents} zone={zone} place={place} ruleLink={link} />
        )}
        <FactList of={alertFacts(hunt, zone)} />
        <AlertsOverTime of={hunt} zone={zone} />
      </div>
      <h2 id="saw">{WORDS.rulesSaw}</h2>
      <RulesTable of={hitRules(hunt)} ruleLink={link} />
    </Frame>
  );
}

/** What is read where no script runs. */
function FirstAlerts({
  hunt,
  incidents,
  zone,
  place,
  ruleLink: linkOf,
}: Pick<AlertsPageOptions, "hunt" | "incidents" | "zone" | "place"> & { ruleLink: (rule: string) => string | null }) {
  const { alerts } = hunt;
  const { time, ...others } = ALERT_COLUMNS;
  return (
    <>
      <ol class="incidents">
        {incidents.slice(0, FIRST_INCIDENTS).map(({ name, title, severity, when }) => (
          <li>
            <SeverityMark of={severity} /> {name}: <LogText text={title} limit={300} /> <span class="soft">{when}</span>
          </li>
        ))}
      </ol>
      {incidents.length > FIRST_INCIDENTS ? <p>{plural(incidents.length - FIRST_INCIDENTS, "more incident")}.</p> : null}
      <p>
        {alerts.length > FIRST_ALERTS ? `The first ${count(FIRST_ALERTS)} of ${plural(alerts.length, "alert")}. ` : ""}
        All of them: <a href={place.links.to("alerts/alerts.ndjson")}>NDJSON</a>, a document of ECS in each line.
      </p>
      <Scroll label="Alerts">
        <table class="alerts cards">
          <Columns of={[`${time} (${zone.name})`, ...Object.values(others)]} />
          <tbody>
            {alerts.slice(0, FIRST_ALERTS).map((alert) => {
              const { severity, host, rule, ruleId, title, who, what, time: at } = alertView(alert);
              return (
                <tr class="alert">
                  <td class="time">
                    <Time of={at} zone={zone} />
                  </td>
                  <td>
                    <SeverityMark of={severity} />
                  </td>
                  <td class="entity">
                    <LogText text={host} limit={ALERT_LIMITS.host} />
                  </td>
                  <td class="text">
                    <MaybeLink to={linkOf(rule)}>
                      <LogText text={ruleId === "" ? title : `${ruleId} ${title}`} limit={ALERT_LIMITS.title} />
                    </MaybeLink>
                  </td>
                  <td class="entity">
                    <LogText text={who} limit={ALERT_LIMITS.who} />
                  </td>
                  <td class="what">
                    <code>
                      <LogText text={what} limit={ALERT_LIMITS.what} />
                    </code>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Scroll>
    </>
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
