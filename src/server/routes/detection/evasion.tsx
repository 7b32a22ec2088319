import { Scroll, Columns, percent, plural } from "../../../report/index.ts";
import { Coded, Heading, RuleLinks, Share } from "../../parts/marks.tsx";
import type { PartProps } from "./part.ts";

export function Evasion({ view, place }: PartProps) {
  const { evasion } = view.facts;
  const tried = evasion.mutations.filter((m) => m.trials > 0);
  return (
    <section aria-labelledby="evasion">
      <Heading level={2} id="evasion">
        Evasion
      </Heading>
      <p>
        Every positive case is rewritten as the same attack would have looked had it been typed or configured differently, and put to the
        rules again. <b>{percent(evasion.total.share)}</b> of the rewritten recordings are still detected ({evasion.total.detected} of{" "}
        {evasion.total.trials}), each recording alone; <b>{percent(evasion.bothSides.share)}</b> where source and target are both watched (
        {evasion.bothSides.detected} of {evasion.bothSides.trials}). {missesText(evasion.invisible, evasion.misses.length)}
        {evasion.weakest === null
          ? ""
          : ` Weakest against ${evasion.weakest.mutation}: ${evasion.weakest.detected} of ${evasion.weakest.trials}.`}
      </p>
      <Scroll label="Mutations">
        <table class="dense">
          <Columns of={["Mutation", "What changes", "Still detected"]} />
          <tbody>
            {tried.map((mutation) => (
              <tr class={mutation.detected < mutation.trials ? "lost" : ""}>
                <th scope="row">
                  <code>{mutation.mutation}</code>
                </th>
                <td class="what">{mutation.title}</td>
                <td>
                  <Share got={mutation.detected} of={mutation.trials} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <Heading level={3} id="evasion-misses">
        Mutations that pass
      </Heading>
      {evasion.misses.length === 0 ? (
        <p class="good">None.</p>
      ) : (
        <Scroll label="Mutations that pass">
          <table>
            <Columns of={["Mutation", "Case", "Rules lost", "Why"]} />
            <tbody>
              {evasion.misses.map((miss) => (
                <tr>
                  <td>
                    <code>{miss.mutation}</code>
                  </td>
                  <td>
                    <a href={place.links.to(`${view.path}cases/${miss.case}/`)}>{miss.case}</a>
                  </td>
                  <td>
                    <RuleLinks rules={miss.lost} of={view.id} links={place.links} />
                  </td>
                  <td class="what">
                    {miss.invisible === null ? (
                      miss.reasons.map(({ rule, reason }) => (
                        <div>
                          {rule}: <Coded text={reason} />
                        </div>
                      ))
                    ) : (
                      <>
                        <span class="soft">invisible:</span> {miss.invisible}
                      </>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </section>
  );
}

/** Of the mutations that pass, those that leave nothing in the telemetry that would tell them from everyday work. */
function missesText(invisible: number, misses: number): string {
  if (misses === 0) return "Nothing passes.";
  if (invisible === 0)
    return `${plural(misses, "mutation")} ${misses === 1 ? "passes" : "pass"}, though the telemetry shows what would tell it.`;
  if (invisible === misses)
    return `${misses === 1 ? "The one that passes is" : `All ${misses} that pass are`} invisible: that telemetry records nothing that would tell.`;
  return `${misses} pass; ${invisible} of them are invisible: that telemetry records nothing that would tell.`;
}
