import { visible, whereText, type HuntResult, type Incident } from "../workbench/index.ts";

export function Severity(props: { of: string }) {
  return <span class={`severity ${props.of}`}>{props.of}</span>;
}

function Time(props: { of: string | null }) {
  return props.of === null ? (
    <>(no time)</>
  ) : (
    <time datetime={props.of}>{visible(props.of.replace("T", " ").replace(/(\.\d{3})\d*Z?$/, "$1"))}</time>
  );
}

/** The incidents of a hunt with their alerts in time order. Everything from logs goes through `visible` and JSX escaping. */
export function Alerts(props: { hunt: HuntResult; base: string }) {
  const { hunt } = props;
  if (hunt.incidents.length === 0) return <p>No alerts in {hunt.events.toLocaleString("en-US")} events.</p>;
  return (
    <>
      {hunt.incidents.map((incident, i) => (
        <IncidentTable incident={incident} number={i + 1} base={props.base} />
      ))}
    </>
  );
}

function IncidentTable(props: { incident: Incident; number: number; base: string }) {
  const { incident } = props;
  return (
    <section aria-labelledby={`incident-${incident.id}`}>
      <h3 id={`incident-${incident.id}`}>
        Incident {props.number} <Severity of={incident.severity} />
      </h3>
      <p class="soft">
        {incident.hosts.map(visible).join(", ")}
        {incident.users.length === 0 ? "" : `; ${incident.users.map(visible).join(", ")}`}
        {incident.addresses.length === 0 ? "" : `; from ${incident.addresses.map(visible).join(", ")}`}
      </p>
      <div class="scroll" tabindex={0} role="region" aria-label={`Alerts of incident ${props.number}`}>
        <table>
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
                <tr>
                  <td class="time">
                    <Time of={alert.time} />
                  </td>
                  <td>{visible(alert.host)}</td>
                  <td>
                    <Severity of={alert.rule.severity} />
                  </td>
                  <td>
                    <a href={`${props.base}detections/${packageId}/#${ruleId ?? ""}`}>{ruleId ?? alert.rule.key}</a> {visible(alert.title)}
                    {repeats.length === 0 ? "" : ` (×${repeats.length + 1})`}
                  </td>
                  <td>{visible(alert.who)}</td>
                  <td class="what">
                    <code>{visible(alert.what.slice(0, 2000))}</code>
                  </td>
                  <td class="what soft">
                    {alert.events.map((event) => (
                      <div>{event === null ? "(missing, as the rule wants)" : visible(whereText(event.place))}</div>
                    ))}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** What each rule saw, also those that stayed silent. */
export function RulesSaw(props: { hunt: HuntResult; base: string }) {
  return (
    <div class="scroll" tabindex={0} role="region" aria-label="What each rule saw">
      <table>
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
                <a href={`${props.base}detections/${rule.key.replace("/", "/#")}`}>{rule.key}</a>
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
