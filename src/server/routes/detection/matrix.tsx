/** Which rule detects which test, by the telemetry that recorded it. */
import { Scroll } from "../../../report/index.ts";
import type { CaseResult, CoverageCell, TestCoverage } from "../../../workbench/index.ts";
import type { PackageView } from "../../package-view.ts";
import type { PageLinks } from "../../page-links.ts";
import type { PartProps } from "./part.ts";

interface Column {
  readonly side: CoverageCell["side"];
  readonly telemetry: string;
}

const SIDES: readonly CoverageCell["side"][] = ["source", "target", "both"];
const TELEMETRY = ["defend", "sysmon", "security", "system", "powershell"];

/** Where tests over the network are recorded: the columns of a matrix. */
export function matrixColumns(tests: readonly TestCoverage[]): Column[] {
  const columns = new Map<string, Column>();
  for (const test of tests)
    for (const { path, side, telemetry } of test.cells) if (path === "remote") columns.set(`${side} ${telemetry}`, { side, telemetry });
  const rank = (text: string): number => (TELEMETRY.includes(text) ? TELEMETRY.indexOf(text) : TELEMETRY.length);
  return [...columns.values()].sort(
    (a, b) =>
      SIDES.indexOf(a.side) - SIDES.indexOf(b.side) || rank(a.telemetry) - rank(b.telemetry) || (a.telemetry < b.telemetry ? -1 : 1),
  );
}

/** The recordings of a test in a column; of the network alone. */
export function matrixCell(test: TestCoverage, { side, telemetry }: Column): CoverageCell | undefined {
  return test.cells.find((cell) => cell.path === "remote" && cell.side === side && cell.telemetry === telemetry);
}

/** Rules by test and telemetry. */
export function Matrix({ view, place }: PartProps) {
  const { tests } = view.facts.proof.coverage;
  const columns = matrixColumns(tests);
  const groups = SIDES.map((side) => ({ side, span: columns.filter((c) => c.side === side).length })).filter((g) => g.span > 0);
  return (
    <Scroll label="Tests by telemetry: the rules that detect them">
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
                <a href={place.links.to(`${view.path}tests/${test.test}/`)}>{test.test}</a> {test.title}
              </th>
              {columns.map((column) => (
                <Cell cell={matrixCell(test, column)} view={view} links={place.links} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function Cell({ cell, view, links }: { cell: CoverageCell | undefined; view: PackageView; links: PageLinks }) {
  if (cell === undefined)
    return (
      <td class="none" title="No case records the test in this telemetry">
        –
      </td>
    );
  const { rules, cases } = cell;
  if (rules.length === 0)
    return (
      <td class="blind">
        <a href={links.to(`${view.path}cases/${cases[0]!}/`)}>no rule</a>
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

/** Every recording of a test by every rule, those over loopback and by lab settings too. */
export function WholeMatrix({ view, place }: PartProps) {
  const { links } = place;
  const { coverage, cases } = view.facts.proof;
  const rules = view.detection.rules;
  const byName = new Map(cases.map((c) => [c.case.name, c]));
  return (
    <>
      <p class="soft">
        {MARKS.fires.sign} fires, {MARKS.some.sign} fires in some of the cell's cases, {MARKS.lab.sign} fires only with lab_loopback on.
      </p>
      <Scroll label="Tests by telemetry by rules">
        <table class="matrix">
          <thead>
            <tr>
              <th scope="col">Test</th>
              <th scope="col">Path</th>
              <th scope="col">Side</th>
              <th scope="col">Telemetry</th>
              <th scope="col">Cases</th>
              {rules.map((rule) => (
                <th scope="col" title={rule.name}>
                  <a href={links.to(`${view.path}rules/${rule.id}/`)}>{rule.id}</a>
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
