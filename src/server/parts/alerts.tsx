import { visible, whereText, type HuntResult, type Incident } from "../../workbench/index.ts";
import type { PageLinks } from "../page-links.ts";
import { AlertWhy, emptyPage, type Room } from "./alert-why.tsx";
import { plural, Severity, Untrusted } from "./marks.tsx";

export function SyntheticNotice() {
  return <p class="notice">These events are a synthetic lab log, made for this project. They were not recorded from a real network.</p>;
}

/** The incidents in a line each, for the start page. */
export function AlertsSummary({ hunt, synthetic, links }: { hunt: HuntResult; synthetic: boolean; links: PageLinks }) {
  return (
    <section aria-labelledby="alerts">
      <h2 id="alerts">
        <a href={links.to("alerts/")}>Alerts</a>
      </h2>
      {synthetic ? <SyntheticNotice /> : null}
      <p class="soft">
        {plural(hunt.events, "event")}, {plural(hunt.alerts.length, "alert")}, {plural(hunt.incidents.length, "incident")}.
      </p>
      <ul class="incidents">
        {hunt.incidents.slice(0, 8).map((incident, i) => (
          <li>
            <Severity of={incident.severity} /> <a href={links.to(`alerts/#incident-${incident.id}`)}>Incident {i + 1}</a>{" "}
            <span>
              <Time of={incident.first.time} />
            </span>{" "}
            <span>
              <Untrusted text={incident.hosts.join(", ")} limit={200} />
            </span>{" "}
            <span class="soft">{plural(incident.steps.length, "step")}</span>
          </li>
        ))}
      </ul>
      {hunt.incidents.length > 8 ? <p class="soft">{hunt.incidents.length - 8} more.</p> : null}
    </section>
  );
}

function Time(props: { of: string | null }) {
  return props.of === null ? (
    <>(no time)</>
  ) : (
    <time datetime={props.of}>{visible(props.of.replace("T", " ").replace(/(\.\d{3})\d*Z?$/, "$1"))}</time>
  );
}

/** The file's name and the line; the whole path when it is pointed at. */
function Where({ of }: { of: string }) {
  return (
    <span title={visible(of)}>
      <Untrusted text={of.slice(Math.max(of.lastIndexOf("/"), of.lastIndexOf("\\")) + 1)} limit={200} />
    </span>
  );
}

/** The incidents of a hunt with their alerts in time order. Everything from logs goes through `visible` and JSX escaping. */
export function Alerts(props: { hunt: HuntResult; links: PageLinks }) {
  const { hunt } = props;
  if (hunt.incidents.length === 0) return <p>No alerts in {hunt.events.toLocaleString("en-US")} events.</p>;
  const room = emptyPage();
  return (
    <>
      {hunt.incidents.map((incident, i) => (
        <IncidentTable incident={incident} number={i + 1} links={props.links} room={room} />
      ))}
    </>
  );
}

function IncidentTable(props: { incident: Incident; number: number; links: PageLinks; room: Room }) {
  const { incident } = props;
  return (
    <section aria-labelledby={`incident-${incident.id}`}>
      <h3 id={`incident-${incident.id}`}>
        Incident {props.number} <Severity of={incident.severity} />
      </h3>
      <p class="soft">
        <Untrusted text={incident.hosts.join(", ")} />
        {incident.users.length === 0 ? null : (
          <>
            ; <Untrusted text={incident.users.join(", ")} />
          </>
        )}
        {incident.addresses.length === 0 ? null : (
          <>
            ; from <Untrusted text={incident.addresses.join(", ")} />
          </>
        )}
      </p>
      <div class="scroll" tabindex={0} role="group" aria-label={`Alerts of incident ${props.number}`}>
        <table class="alerts cards">
          <thead>
            <tr>
              <th scope="col">Time</th>
              <th scope="col">Host</th>
              <th scope="col">Severity</th>
              <th scope="col">Rule</th>
              <th scope="col">Who</th>
              <th scope="col">What</th>
              <th scope="col">Where</th>
            </tr>
          </thead>
          <tbody>
            {incident.steps.map(({ alert, repeats }) => {
              const [packageId, ruleId] = alert.rule.key.split("/");
              return (
                <>
                  <tr class="alert">
                    <td class="time">
                      <Time of={alert.time} />
                    </td>
                    <td class="entity">
                      <Untrusted text={alert.host} limit={300} />
                    </td>
                    <td>
                      <Severity of={alert.rule.severity} />
                    </td>
                    <td>
                      <a href={props.links.to(`detections/${packageId}/#${ruleId ?? ""}`)}>{ruleId ?? alert.rule.key}</a>{" "}
                      <Untrusted text={alert.title} limit={400} />
                      {repeats.length === 0 ? "" : ` (×${repeats.length + 1})`}
                    </td>
                    <td class="entity">
                      <Untrusted text={alert.who} limit={300} />
                    </td>
                    <td class="what">
                      <code>
                        <Untrusted text={alert.what} limit={2000} />
                      </code>
                    </td>
                    <td class="what soft">
                      {alert.events.map((event) => (
                        <div>{event === null ? "(missing, as the rule wants)" : <Where of={whereText(event.place)} />}</div>
                      ))}
                    </td>
                  </tr>
                  <tr class="why-row">
                    <td colspan={7}>
                      <AlertWhy alert={alert} room={props.room} />
                    </td>
                  </tr>
                </>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** What each rule saw, also those that stayed silent. */
export function RulesSaw(props: { hunt: HuntResult; links: PageLinks }) {
  return (
    <div class="scroll" tabindex={0} role="group" aria-label="What each rule saw">
      <table class="alerts">
        <thead>
          <tr>
            <th scope="col">Rule</th>
            <th scope="col">Severity</th>
            <th scope="col" class="number">
              Events
            </th>
            <th scope="col" class="number">
              Alerts
            </th>
            <th scope="col">Name</th>
          </tr>
        </thead>
        <tbody>
          {props.hunt.rules.map(({ rule, matched, alerts }) => (
            <tr>
              <td>
                <a href={props.links.to(`detections/${rule.key.replace("/", "/#")}`)}>{rule.key}</a>
              </td>
              <td>
                <Severity of={rule.severity} />
              </td>
              <td class="number">{matched}</td>
              <td class="number">{alerts}</td>
              <td>{rule.name}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
