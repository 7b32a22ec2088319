import { Scroll, Columns, plural } from "../../../report/index.ts";
import type { CaseResult, CoverageCell, PlacedFinding, TestCoverage } from "../../../workbench/index.ts";
import { Coded, Heading, RuleLinks } from "../../parts/marks.tsx";
import type { PackageView } from "../../package-view.ts";
import type { PageLinks } from "../../page-links.ts";
import type { PartProps } from "./part.ts";

export function Proof({ view, place }: PartProps) {
  const { proof } = view.facts;
  const kinds = (["positive", "negative", "evasion"] as const).map((kind) => ({
    kind,
    count: proof.cases.filter((c) => c.case.kind === kind).length,
  }));
  return (
    <section aria-labelledby="proof">
      <Heading level={2} id="proof">
        Proof
      </Heading>
      <p>
        {proof.failed === 0 ? (
          <b class="good">All {proof.cases.length} cases hold.</b>
        ) : (
          <b class="high">
            {proof.failed} of {proof.cases.length} cases fail.
          </b>
        )}{" "}
        {kinds.map(({ kind, count }) => `${count} ${kind}`).join(", ")}. Each is a log with what must and must not fire; they run whenever
        the package changes. <a href={place.links.to(`${view.path}cases/`)}>All cases</a>
      </p>
      {proof.coverage.tests.length === 0 ? null : (
        <>
          <p>
            Which rule catches which test, on the remote path, by the telemetry that recorded it. A rule leads to the case behind the cell.
            A dash: no case records the test there. Tests over loopback and what a lab sees are <a href="#matrix">in the whole matrix</a>.
          </p>
          <Summary view={view} links={place.links} />
          <details id="matrix-part">
            <summary id="matrix">The whole matrix: tests × telemetry × rules</summary>
            <Matrix view={view} links={place.links} />
          </details>
        </>
      )}
      {proof.claims.length === 0 ? (
        <p class="soft">Everything the package's documents say of coverage is what its cases show.</p>
      ) : (
        <>
          <p>What the documents say and the cases do not show:</p>
          <ul>
            {proof.claims.map((claim) => (
              <li>
                {claim.message} <span class="soft">({claim.place.file})</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

interface Column {
  readonly side: CoverageCell["side"];
  readonly telemetry: string;
}

const SIDES: readonly CoverageCell["side"][] = ["source", "target", "both"];
const TELEMETRY = ["defend", "sysmon", "security", "system", "powershell"];

function columnsOf(tests: readonly TestCoverage[]): Column[] {
  const columns = new Map<string, Column>();
  for (const test of tests)
    for (const { path, side, telemetry } of test.cells) if (path === "remote") columns.set(`${side} ${telemetry}`, { side, telemetry });
  const rank = (text: string): number => (TELEMETRY.includes(text) ? TELEMETRY.indexOf(text) : TELEMETRY.length);
  return [...columns.values()].sort(
    (a, b) =>
      SIDES.indexOf(a.side) - SIDES.indexOf(b.side) || rank(a.telemetry) - rank(b.telemetry) || (a.telemetry < b.telemetry ? -1 : 1),
  );
}

function Summary({ view, links }: { view: PackageView; links: PageLinks }) {
  const { tests } = view.facts.proof.coverage;
  const columns = columnsOf(tests);
  const groups = SIDES.map((side) => ({ side, span: columns.filter((c) => c.side === side).length })).filter((g) => g.span > 0);
  return (
    <Scroll label="Tests by telemetry: the rules that catch them">
      <table class="proof">
        <thead>
          <tr>
            <th scope="col" rowspan={2}>
              Test
            </th>
            {groups.map(({ side, span }) => (
              <th scope="colgroup" colspan={span}>
                {side === "both" ? "both sides" : `seen on the ${side}`}
              </th>
            ))}
          </tr>
          <tr>
            {columns.map(({ telemetry }) => (
              <th scope="col">{telemetry}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {tests.map((test) => (
            <tr>
              <th scope="row">
                <a href={`#${test.test}`}>{test.test}</a> {test.title}
              </th>
              {columns.map(({ side, telemetry }) => {
                const cells = test.cells.filter((c) => c.path === "remote" && c.side === side && c.telemetry === telemetry);
                return <SummaryCell cells={cells} view={view} links={links} />;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function SummaryCell({ cells, view, links }: { cells: readonly CoverageCell[]; view: PackageView; links: PageLinks }) {
  if (cells.length === 0)
    return (
      <td class="none" title="No case records the test in this telemetry">
        –
      </td>
    );
  const [{ rules, cases }] = cells as [CoverageCell];
  if (rules.length === 0)
    return (
      <td class="blind">
        <a href={links.to(`${view.path}cases/${cases[0]!}/`)}>no rule sees it</a>
      </td>
    );
  return (
    <td class="seen">
      {rules.map((rule) => (
        <>
          <a class="rule" href={links.to(`${view.path}cases/${cases[0]!}/#${rule}`)}>
            {rule}
          </a>{" "}
        </>
      ))}
      {cases.length === 1 ? null : (
        <span class="more">
          {cases.slice(1).map((name, i) => (
            <>
              {i === 0 ? "also " : ", "}
              <a href={links.to(`${view.path}cases/${name}/`)} title={name}>
                {i + 2}
              </a>
            </>
          ))}
        </span>
      )}
    </td>
  );
}

const MARKS = {
  fires: { sign: "●", words: "fires" },
  some: { sign: "◐", words: "fires in some of the cases" },
  lab: { sign: "○", words: "fires with lab_loopback on" },
} as const;

function Matrix({ view, links }: { view: PackageView; links: PageLinks }) {
  const { coverage, cases } = view.facts.proof;
  const rules = view.detection.rules;
  const byName = new Map(cases.map((c) => [c.case.name, c]));
  return (
    <>
      <p class="soft">
        {MARKS.fires.sign} fires, {MARKS.some.sign} fires in some of the cell's cases, {MARKS.lab.sign} fires only with lab_loopback on.
      </p>
      <Scroll label="Tests by telemetry by rules" class="tall">
        <table class="matrix">
          <thead>
            <tr>
              <th scope="col">Test</th>
              <th scope="col">Path</th>
              <th scope="col">Side</th>
              <th scope="col">Telemetry</th>
              <th scope="col">Cases</th>
              {rules.map((rule) => (
                <th scope="col" class={`layer-${rule.layer}`} title={rule.name}>
                  <a href={`#${rule.id}`}>{rule.id}</a>
                </th>
              ))}
            </tr>
          </thead>
          {coverage.tests.map((test) => (
            <tbody>
              {[...test.cells].sort(byPath).map((cell) => (
                <tr class={cell.path}>
                  <th scope="row">{test.test}</th>
                  <td>{cell.path}</td>
                  <td>{cell.side}</td>
                  <td title={cell.collectors.join(", ")}>{cell.telemetry}</td>
                  <td>
                    {cell.cases.map((name, i) => (
                      <>
                        {i === 0 ? "" : " "}
                        <a href={links.to(`${view.path}cases/${name}/`)} title={name}>
                          {i + 1}
                        </a>
                      </>
                    ))}
                  </td>
                  {rules.map((rule) => {
                    const mark = markOf(
                      rule.id,
                      cell.cases.flatMap((name) => byName.get(name) ?? []),
                    );
                    return mark === null ? (
                      <td></td>
                    ) : (
                      <td class={mark.kind}>
                        <a
                          href={links.to(`${view.path}cases/${mark.case}/#${rule.id}`)}
                          title={`${rule.id} ${MARKS[mark.kind].words}`}
                          aria-label={`${rule.id} ${MARKS[mark.kind].words}`}
                        >
                          {MARKS[mark.kind].sign}
                        </a>
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          ))}
        </table>
      </Scroll>
    </>
  );
}

const PATHS: readonly CoverageCell["path"][] = ["remote", "local", "loopback"];

function byPath(a: CoverageCell, b: CoverageCell): number {
  return PATHS.indexOf(a.path) - PATHS.indexOf(b.path) || SIDES.indexOf(a.side) - SIDES.indexOf(b.side);
}

function markOf(rule: string, results: readonly CaseResult[]): { readonly kind: keyof typeof MARKS; readonly case: string } | null {
  const fired = results.filter((r) => r.fired.includes(rule));
  if (fired.length > 0) return { kind: fired.length === results.length ? "fires" : "some", case: fired[0]!.case.name };
  const lab = results.find((r) => r.labFired.includes(rule));
  return lab === undefined ? null : { kind: "lab", case: lab.case.name };
}

const SEVERITY_CLASS = { error: "high", warning: "medium", hint: "low" } as const;

export function BlindSpots({ view, place }: PartProps) {
  const { lint, proof } = view.facts;
  const dead = lint.findings.filter((f) => f.code === "dead-clause" || f.code === "blind-source");
  const known = view.detection.rules.filter((rule) => rule.blind_spots.length > 0);
  const others = lint.findings.filter((f) => f.code !== "dead-clause" && f.code !== "blind-source");
  const invisible = proof.coverage.tests.flatMap((test) =>
    test.cells.filter((cell) => cell.path === "remote" && cell.rules.length === 0).map((cell) => ({ test, cell })),
  );
  return (
    <section aria-labelledby="blind-spots">
      <Heading level={2} id="blind-spots">
        Blind spots and dead clauses
      </Heading>
      <p>
        What the linter finds when each query is held against what each data source can produce: {plural(lint.errors, "error")},{" "}
        {plural(lint.warnings, "warning")}, {plural(lint.hints, "hint")}; {lint.suppressed} more are suppressed, each with a reason.
      </p>
      <Heading level={3} id="dead-clauses">
        Clauses and sources that can never match
      </Heading>
      {dead.length === 0 ? <p class="good">None.</p> : <Findings of={dead} place={place} view={view} />}
      <Heading level={3} id="lint">
        Other findings
      </Heading>
      {others.length === 0 ? <p class="good">None.</p> : <Findings of={others} place={place} view={view} />}
      <Heading level={3} id="unseen">
        Tests that some telemetry does not show
      </Heading>
      {invisible.length === 0 ? (
        <p class="good">Every recording of a test is seen by a rule.</p>
      ) : (
        <ul>
          {invisible.map(({ test, cell }) => (
            <li>
              <a href={`#${test.test}`}>{test.test}</a> on the {cell.side} in {cell.telemetry}: no rule fires in{" "}
              {cell.cases.map((name) => (
                <>
                  <a href={place.links.to(`${view.path}cases/${name}/`)}>{name}</a>{" "}
                </>
              ))}
            </li>
          ))}
        </ul>
      )}
      {known.length === 0 ? null : (
        <>
          <Heading level={3} id="known-blind-spots">
            What each rule cannot see, in its author's words
          </Heading>
          <dl class="facts">
            {known.map((rule) => (
              <>
                <dt>
                  <a class="rule" href={`#${rule.id}`}>
                    {rule.id}
                  </a>
                </dt>
                <dd>{rule.blind_spots.join(" ")}</dd>
              </>
            ))}
          </dl>
        </>
      )}
    </section>
  );
}

/** Findings that say the same of several rules are one row. */
function Findings({ of, view, place }: PartProps & { of: readonly PlacedFinding[] }) {
  const groups = new Map<string, PlacedFinding[]>();
  for (const finding of of) {
    const key = [
      finding.code,
      finding.suppressed ?? "",
      finding.code === "missing-index-pattern" ? finding.sources.join() : finding.rule,
      finding.span.from,
    ].join("|");
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  const bySource = new Map<string, PlacedFinding[][]>();
  for (const group of groups.values()) {
    const key = group[0]!.code === "missing-index-pattern" ? `m${group[0]!.sources.join()}` : `${bySource.size}`;
    bySource.set(key, [...(bySource.get(key) ?? []), group]);
  }
  return (
    <Scroll label="Findings of the linter">
      <table>
        <Columns of={["Finding", "Rules", "What", "Where"]} />
        <tbody>
          {[...bySource.values()].map((all) => {
            const findings = all.flat();
            const [first] = findings as [PlacedFinding];
            const rules = [...new Set(findings.map((f) => f.rule))];
            const texts = [...new Set(findings.map((f) => f.message))];
            return (
              <tr>
                <td>
                  <span class={`severity ${SEVERITY_CLASS[first.severity]}`}>{first.severity}</span>
                  <br />
                  <a href={place.links.to(`lint/${first.code}/`)}>{first.code}</a>
                </td>
                <td>
                  <RuleLinks rules={rules} of={view.id} links={place.links} />
                </td>
                <td class="what">
                  {texts.slice(0, 6).map((text) => (
                    <div>
                      <Coded text={text} />
                    </div>
                  ))}
                  {texts.length > 6 ? <div class="soft">and {texts.length - 6} more of the kind</div> : null}
                  {first.suppressed === null ? null : (
                    <div class="soft">
                      Suppressed: <Coded text={first.suppressed} />
                    </div>
                  )}
                </td>
                <td>
                  {rules.length > 1 ? (
                    <span class="soft">{plural(findings.length, "place")}</span>
                  ) : (
                    <code class="piece">{first.text.replaceAll(/\s+/g, " ").slice(0, 120)}</code>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Scroll>
  );
}
