/** The alerts of a hunt on the server's pages. */
import { jsonText, whereText, type HuntResult, type Observed, type TimeZone } from "../../workbench/index.ts";
import { EventPlace, incidentViews, LogTexts, plural, SeverityMark, Time, type Evidence } from "../../report/index.ts";
import type { PageLinks } from "../page-links.ts";
import type { PageContext } from "./frame.tsx";
import { EventText } from "./event-text.tsx";

/** Incidents in the summary on the start page. */
const MAX_SUMMARY = 8;
/** Characters of an event on the page of alerts. */
const MAX_EVENT = 20_000;

export function SyntheticNotice() {
  return <p class="notice">These events are a synthetic lab log, made for this project. They were not recorded from a real network.</p>;
}

/** The incidents in a line each, for the start page. */
export function AlertsSummary({
  hunt,
  zone,
  synthetic,
  links,
}: {
  hunt: HuntResult;
  zone: TimeZone;
  synthetic: boolean;
  links: PageLinks;
}) {
  const incidents = incidentViews(hunt.incidents.slice(0, MAX_SUMMARY));
  return (
    <section aria-labelledby="alerts">
      <h2 id="alerts">
        <a href={links.to("alerts/")}>Alerts</a>
      </h2>
      {synthetic ? <SyntheticNotice /> : null}
      <p class="soft">{countsText(hunt)}</p>
      <ul class="incidents">
        {incidents.map(({ id, name, severity, first, concerned, steps }) => (
          <li>
            <SeverityMark of={severity} /> <a href={links.to(`alerts/#incident-${id}`)}>{name}</a>{" "}
            <span>
              <Time of={first} zone={zone} /> {first === null ? "" : zone.name}
            </span>{" "}
            <span>
              <LogTexts texts={concerned.find(({ title }) => title === "Hosts")?.values ?? []} max={4} />
            </span>{" "}
            <span class="soft">{plural(steps.length, "step")}</span>
          </li>
        ))}
      </ul>
      {hunt.incidents.length > MAX_SUMMARY ? <p class="soft">{hunt.incidents.length - MAX_SUMMARY} more.</p> : null}
    </section>
  );
}

/** `408 events, 40 alerts, 2 incidents.` */
export function countsText(hunt: HuntResult): string {
  const faults = hunt.faults.length === 0 ? "" : `; ${plural(hunt.faults.length, "fault")}, by which alerts may be missing`;
  return `${plural(hunt.events, "event")}, ${plural(hunt.alerts.length, "alert")}, ${plural(hunt.incidents.length, "incident")}${faults}.`;
}

/** Where a rule is described, by its key. `loose`: the pages of rules of no package. Null for a rule that has none. */
export function ruleLink({ links, packages }: PageContext, loose: ReadonlyMap<string, string>): (rule: string) => string | null {
  return (rule) => {
    const path = loose.get(rule);
    if (path !== undefined) return links.to(path);
    const slash = rule.lastIndexOf("/");
    return packages.has(rule.slice(0, slash)) ? links.to(`detections/${rule.slice(0, slash)}/#${rule.slice(slash + 1)}`) : null;
  };
}

/** The JSON of an alert's event, to copy. */
export function alertEvent(observed: Observed, label: string): Evidence {
  const text = jsonText(observed.event, 2);
  return {
    shown: (
      <>
        <p class="label">
          <EventPlace label={label} where={whereText(observed.place)} source={observed.source} />
        </p>
        <EventText text={text} label={`${label} of the alert`} limit={MAX_EVENT} />
      </>
    ),
    characters: Math.min(text.length, MAX_EVENT),
  };
}
