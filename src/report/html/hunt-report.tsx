/**
 * A hunt as one HTML file for a manager or a case file: no script, no request, its own style. All that comes from logs is escaped, spelt
 * out where it would hide or reorder text, and cut with a note where it is long.
 */
import { raw } from "hono/html";
import { UTC, whereText, type Detection, type HuntResult, type TimeZone } from "../../workbench/index.ts";
import { count, plural, timeText } from "../format.ts";
import { alertFacts } from "../view/alert-counts.ts";
import { blindViews, gapFacts, readFacts, severityCounts, type BlindView, type ReportInput } from "../view/hunt.ts";
import { hitRules } from "../view/rules.ts";
import { WORDS } from "../words.ts";
import { FactList } from "./facts.tsx";
import { AlertsOverTime } from "./histogram.tsx";
import { incidentViews } from "../view/incident.ts";
import { Incidents, laneActs } from "./incidents.tsx";
import { Lanes } from "./lanes.tsx";
import { Columns, LogText, SeverityMark } from "./marks.tsx";
import { RulesTable } from "./rules.tsx";
import { REPORT_STYLE } from "./style.ts";

export interface ReportOptions {
  readonly result: HuntResult;
  readonly input: ReportInput;
  /** The packages that were hunted with: for what was blind. */
  readonly packages: readonly Detection[];
  /** When the report is made, ISO 8601. */
  readonly createdAt: string;
  /** By whose clocks times are shown; UTC without it. */
  readonly zone?: TimeZone;
}

const MAX_PROBLEMS = 200;
const MAX_LINES = 300;

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** The whole text of the file. */
export function huntReport(options: ReportOptions): string {
  // oxlint-disable-next-line typescript/no-base-to-string -- the text of a JSX node is its HTML
  return `<!doctype html>${String(<Report {...options} />)}\n`;
}

function Report({ result, input, packages, createdAt, zone = UTC }: ReportOptions) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={POLICY} />
        <meta name="referrer" content="no-referrer" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Hunt report: {plural(result.incidents.length, "incident")}</title>
        <style>{raw(styleText(REPORT_STYLE))}</style>
      </head>
      <body>
        <main>
          <h1>Hunt report</h1>
          <p class="soft">
            Made by Tocsin on {timeText(createdAt, zone)} {zone.name}. This file loads nothing and runs no script.
          </p>
          <nav aria-label="Parts">
            <a href="#summary">Summary</a> <a href="#timeline">Timeline</a> <a href="#incidents">Incidents</a> <a href="#rules">Rules</a>{" "}
            <a href="#blind">{WORDS.blind}</a>
          </nav>
          <h2 id="summary">Summary</h2>
          <Summary result={result} input={input} zone={zone} />
          <h2 id="timeline">Timeline</h2>
          {result.alerts.length === 0 ? <p>{WORDS.noAlerts}.</p> : <HuntLanes result={result} zone={zone} />}
          <h2 id="incidents">Incidents</h2>
          {result.incidents.length === 0 ? (
            <p>
              {WORDS.noAlerts} in {plural(result.events, "event")}.
            </p>
          ) : (
            <>
              <p class="soft">
                Evidence is shown as it was logged: command lines in it may hold passwords, so hand this file on with care.
              </p>
              <Incidents of={result} zone={zone} />
            </>
          )}
          <h2 id="rules">Rules</h2>
          <Rules result={result} />
          <h2 id="blind">{WORDS.blind}</h2>
          <Gaps result={result} input={input} packages={packages} />
        </main>
      </body>
    </html>
  );
}

/** All acts of the hunt, under the numbers of their incidents. */
function HuntLanes({ result, zone }: { result: HuntResult; zone: TimeZone }) {
  const incidents = incidentViews(result);
  const of = new Map(incidents.flatMap(({ id, acts }) => acts.map((act) => [act.id, id])));
  return <Lanes of={laneActs(incidents)} zone={zone} link={(act) => `#incident-${of.get(act) ?? ""}`} />;
}

/** The style is ours and holds nothing that would end its element. */
function styleText(style: string): string {
  if (style.includes("<")) throw new Error("a style sheet must not hold `<`");
  return style;
}

function Summary({ result, input, zone }: Pick<ReportOptions, "result" | "input"> & { zone: TimeZone }) {
  const bySeverity = severityCounts(result);
  const hosts = new Set(result.incidents.flatMap((i) => i.hosts)).size;
  return (
    <>
      <ul class="tiles">
        <Tile n={result.incidents.length} noun="incident" />
        <Tile n={result.alerts.length + result.alertsNotKept} noun="alert" />
        <Tile n={hosts} noun="host" rest=" concerned" />
        <Tile n={result.events} noun="event" rest=" read" />
      </ul>
      <FactList of={[...readFacts(result, input, zone), ...alertFacts(result, zone)]}>
        {bySeverity.length === 0 ? null : (
          <>
            <dt>Incidents</dt>
            <dd>
              {bySeverity.map(({ severity, incidents }, i) => (
                <>
                  {i === 0 ? "" : ", "}
                  {count(incidents)} <SeverityMark of={severity} />
                </>
              ))}
            </dd>
          </>
        )}
      </FactList>
      <AlertsOverTime of={result} zone={zone} />
    </>
  );
}

function Tile({ n, noun, rest = "" }: { n: number; noun: string; rest?: string }) {
  return (
    <li>
      <b>{count(n)}</b> {n === 1 ? noun : `${noun}s`}
      {rest}
    </li>
  );
}

function Rules({ result }: { result: HuntResult }) {
  return (
    <>
      <p class="soft">Events: those that satisfy the rule, or a part of its sequence.</p>
      <RulesTable of={hitRules(result)} />
    </>
  );
}

function Gaps({ result, input, packages }: Pick<ReportOptions, "result" | "input" | "packages">) {
  const gaps = gapFacts(result, input);
  const { whole, part } = blindViews(packages, result);
  return (
    <>
      {gaps.length === 0 ? <p>All of the input was read.</p> : <FactList of={gaps} />}
      {input.problems.length === 0 ? null : <Problems input={input} />}
      {whole.length === 0 ? null : (
        <>
          <h3>Rules whose silence says nothing</h3>
          <p>{WORDS.blindWhole}</p>
          <BlindTable of={whole} />
        </>
      )}
      {part.length === 0 ? null : (
        <details>
          <summary>{plural(part.length, "rule")} saw only some of the kinds of events they can use</summary>
          <div class="inside">
            <BlindTable of={part} />
          </div>
        </details>
      )}
    </>
  );
}

function Problems({ input }: { input: ReportInput }) {
  const shown = input.problems.slice(0, MAX_PROBLEMS);
  const more = input.errors + input.warnings - shown.length;
  return (
    <details>
      <summary>
        {plural(input.errors, "error")} and {plural(input.warnings, "warning")} while reading
      </summary>
      <div class="inside">
        <table>
          <Columns of={["Where", "Problem"]} />
          <tbody>
            {shown.map(({ place, severity, message, code }) => (
              <tr>
                <td>
                  <LogText text={whereText(place)} limit={500} />
                </td>
                <td>
                  {severity}: <LogText text={message} limit={500} /> <span class="soft">{code}</span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {more > 0 ? <p class="cut">{count(more)} more not listed.</p> : null}
      </div>
    </details>
  );
}

function BlindTable({ of }: { of: readonly BlindView[] }) {
  return (
    <table>
      <Columns of={["Rule", "Not in the input", "What writes it"]} />
      <tbody>
        {of.slice(0, MAX_LINES).flatMap(({ rule, missing }) =>
          missing.map(({ events, audit }, i) => (
            <tr>
              <td>{i === 0 ? <LogText text={rule} limit={400} /> : ""}</td>
              <td>{events}</td>
              <td class="soft">{audit}</td>
            </tr>
          )),
        )}
      </tbody>
    </table>
  );
}
