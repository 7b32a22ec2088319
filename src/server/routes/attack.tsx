/** What of MITRE ATT&CK is covered, and how well it is proved. */
import { Scroll, Columns, plural } from "../../report/index.ts";
import { ATTACK_LICENSE, attack, attackCoverage, type Attack, type TechniqueCoverage } from "../../workbench/index.ts";
import { Frame, type PageContext } from "../parts/frame.tsx";
import { Heading, Share } from "../parts/marks.tsx";
import type { PackageView } from "../package-view.ts";

type Technique = Attack["techniques"][number];

export function AttackPage({ views, place }: { views: readonly PackageView[]; place: PageContext }) {
  const { version, tactics, techniques } = attack();
  const covered = attackCoverage(views.map((view) => view.detection));
  const byId = new Map(views.map((view) => [view.id, view]));
  const own = [...covered.values()].filter((c) => c.packages.length > 0).length;
  const near = covered.size - own;
  return (
    <Frame title="ATT&CK coverage" place={place} class="wide">
      <h1>ATT&amp;CK coverage</h1>
      <p class="lead">
        {plural(own, "technique")} with a proved package, {near} more that packages lead to, of {techniques.length} that concern Windows
        (ATT&amp;CK {version}). What is not marked is not covered; the empty cells are part of the answer.
      </p>
      <ProvedTable views={views} place={place} />
      <p class="legend">
        <span class="cell proved">proved</span> every attack of the package is detected and every test passes{" "}
        <span class="cell partly">partly</span> some attack is not detected <span class="cell near">related</span> named by a package as
        what comes before, with or after{" "}
        <a href={place.links.to("attack/navigator.json")} download="">
          Navigator layer
        </a>
      </p>
      <p class="legend">
        Columns with something in them:{" "}
        {tactics
          .filter((tactic) => techniques.some((t) => covered.has(t.id) && t.tactics.includes(tactic.id)))
          .map((tactic, i) => (
            <>
              {i === 0 ? "" : ", "}
              <a href={`#${tactic.id}`}>{tactic.name}</a>
            </>
          ))}
      </p>
      <div class="attack" tabindex={0} role="group" aria-label="The ATT&CK matrix">
        {tactics.map((tactic) => {
          const of = techniques.filter((t) => t.parent === null && t.tactics.includes(tactic.id));
          const count = of.filter((t) => covered.has(t.id) || techniques.some((s) => s.parent === t.id && covered.has(s.id))).length;
          return (
            <section aria-labelledby={tactic.id}>
              <h2 id={tactic.id}>
                {tactic.name} <span class="soft">{count > 0 ? `${count} of ${of.length}` : of.length}</span>
              </h2>
              <ul>
                {of.map((technique) => {
                  const parts = techniques.filter((t) => t.parent === technique.id && t.tactics.includes(tactic.id));
                  const marked = parts.filter((part) => covered.has(part.id));
                  const first = technique.tactics[0] === tactic.id;
                  return (
                    <li>
                      <Cell
                        of={technique}
                        coverage={covered.get(technique.id)}
                        byId={byId}
                        place={place}
                        parts={parts.length}
                        anchor={first}
                      />
                      {marked.length === 0 ? null : (
                        <ul>
                          {parts.map((part) => (
                            <li>
                              <Cell
                                of={part}
                                coverage={covered.get(part.id)}
                                byId={byId}
                                place={place}
                                parts={0}
                                anchor={part.tactics[0] === tactic.id}
                              />
                            </li>
                          ))}
                        </ul>
                      )}
                    </li>
                  );
                })}
              </ul>
            </section>
          );
        })}
      </div>
      <Heading level={2} id="licence">
        ATT&amp;CK's licence
      </Heading>
      {ATTACK_LICENSE.split("\n\n").map((paragraph) => (
        <p class="small">{paragraph}</p>
      ))}
    </Frame>
  );
}

/** How well each package is proved, in numbers. */
function ProvedTable({ views, place }: { views: readonly PackageView[]; place: PageContext }) {
  return (
    <Scroll label="How well each technique is proved">
      <table class="dense">
        <Columns
          of={[
            "Technique",
            "Tactic",
            { name: "Rules", number: true },
            "Tests that pass",
            "Attacks detected on the source",
            "Attacks detected on the target",
            "Attack variants detected",
          ]}
        />
        <tbody>
          {views.map(({ detection: { meta, rules }, facts: { proof, evasion }, path }) => {
            const tests = proof.coverage.tests;
            return (
              <tr>
                <th scope="row">
                  <a href={place.links.to(path)}>
                    {meta.id} {meta.title}
                  </a>
                </th>
                <td>{meta.attack === undefined ? null : <a href={`#${meta.attack.tactic.id}`}>{meta.attack.tactic.name}</a>}</td>
                <td class="number">{rules.length}</td>
                <td>
                  <Share got={proof.passed} of={proof.cases.length} />
                </td>
                <td>
                  <Share got={tests.filter((t) => t.source.length > 0).length} of={tests.length} />
                </td>
                <td>
                  <Share got={tests.filter((t) => t.target.length > 0).length} of={tests.length} />
                </td>
                <td>
                  <Share got={evasion.total.detected} of={evasion.total.trials} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Scroll>
  );
}

function Cell(props: {
  of: Technique;
  coverage: TechniqueCoverage | undefined;
  byId: ReadonlyMap<string, PackageView>;
  place: PageContext;
  parts: number;
  anchor: boolean;
}) {
  const { of, coverage, byId, place } = props;
  const id = props.anchor ? { id: of.id } : {};
  const views = coverage?.packages.flatMap((p) => byId.get(p) ?? []) ?? [];
  const short = of.parent === null ? of.id : of.id.slice(of.id.indexOf("."));
  if (views.length > 0) {
    const proved = views.some(
      ({ facts }) => facts.proof.holds && facts.proof.coverage.tests.every((t) => t.source.length + t.target.length > 0),
    );
    return (
      <a class={`cell ${proved ? "proved" : "partly"}`} href={place.links.to(views[0]!.path)} {...id}>
        <span class="id">{short}</span> {of.name}{" "}
        <span class="detail">
          {plural(
            views.reduce((sum, v) => sum + v.detection.rules.length, 0),
            "rule",
          )}
          , {views.reduce((sum, v) => sum + v.facts.proof.passed, 0)} cases
        </span>
      </a>
    );
  }
  const related = coverage?.related.flatMap((p) => byId.get(p) ?? []) ?? [];
  if (related.length > 0)
    return (
      <a class="cell near" href={place.links.to(`${related[0]!.path}reference/#related`)} {...id}>
        <span class="id">{short}</span> {of.name}
      </a>
    );
  return (
    <span class="cell" {...id}>
      <span class="id">{short}</span> {of.name}
    </span>
  );
}
