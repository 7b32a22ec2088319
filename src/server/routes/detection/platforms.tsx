import { Scroll, Columns } from "../../../report/index.ts";
import { dropsConjunct, PLATFORM_NAMES, PLATFORMS } from "../../../workbench/index.ts";
import { Coded, Heading, sentence } from "../../parts/marks.tsx";
import { Effect } from "../../parts/platforms.tsx";
import type { PartProps } from "./part.ts";

/** Wider in the worst way: the text lacks a condition of the rule. */
const LACKING = "▲";
const SIGNS = { exact: "●", wider: "◐", narrower: "◑", untranslatable: "○" } as const;
const CHECKED = {
  executed: "run against the engine and equal to it",
  validated: "held against the platform's parser or schema",
  text: "made by the book, not run",
} as const;

/** A tab for each platform: each rule with what becomes of it there, and every kind of loss with its rules. */
export function Platforms({ view, place }: PartProps) {
  const { rules } = view.detection;
  const all = rules.map((rule) => ({ rule, made: new Map(view.translations(rule).map((t) => [t.platform, t])) }));
  return (
    <section aria-labelledby="platforms">
      <Heading level={2} id="platforms">
        Platforms
      </Heading>
      <p>
        The same rules in other languages. {SIGNS.exact} the same detection, {SIGNS.wider} wider, {SIGNS.narrower} narrower, {LACKING}{" "}
        without a condition of the rule, {SIGNS.untranslatable} cannot be expressed there. What differs is named with its place; a rule
        leads to its text.
      </p>
      <div class="tabs">
        {PLATFORM_NAMES.map((name, i) => {
          const target = PLATFORMS[name];
          const made = all.flatMap(({ rule, made: by }) => {
            const one = by.get(name);
            return one === undefined ? [] : [{ rule, one }];
          });
          const reasons = new Map<string, { effect: string; rules: Set<string>; advice: string | null }>();
          for (const { rule, one } of made)
            for (const { effect, reason, advice } of one.losses) {
              const known = reasons.get(reason) ?? { effect, rules: new Set<string>(), advice };
              known.rules.add(rule.id);
              reasons.set(reason, known);
            }
          const exact = made.filter(({ one }) => one.effect === "exact").length;
          return (
            <details name="platforms" id={`platform-${name}`} open={i === 0}>
              <summary>
                {target.title}{" "}
                <span class="soft count">
                  {exact}/{made.length}
                </span>
              </summary>
              <p>
                {exact} of {made.length} rules are the same detection. <span class="soft">Checked: {CHECKED[target.checked]}.</span>{" "}
                <a href={place.links.to(`${view.path}files/${name}.zip`)} download="">
                  All rules (.zip)
                </a>
              </p>
              <p class="effects">
                {made.map(({ rule, one }) => {
                  const lacking = one.text !== "" && dropsConjunct(one);
                  const effect = lacking ? "without a condition of the rule" : one.effect;
                  return (
                    <a
                      class={`rule effect ${one.effect}`}
                      href={place.links.to(`${view.path}rules/${rule.id}/#${name}`)}
                      title={`${rule.id} ${rule.name}: ${effect}`}
                    >
                      {rule.id} <span aria-hidden="true">{lacking ? LACKING : SIGNS[one.effect]}</span>
                      <span class="hidden">{effect}</span>
                    </a>
                  );
                })}
              </p>
              {reasons.size === 0 ? (
                <p class="good">Nothing is lost.</p>
              ) : (
                <Scroll label={`${target.title}: what is lost`}>
                  <table class="dense">
                    <Columns of={["Effect", "What is lost", "Rules"]} />
                    <tbody>
                      {[...reasons].slice(0, MOST).map(([reason, { effect, rules: of, advice }]) => (
                        <tr>
                          <td>
                            <Effect of={effect} />
                          </td>
                          <td class="what">
                            <Coded text={sentence(reason)} />
                            {advice === null ? (
                              ""
                            ) : (
                              <span class="soft">
                                {" "}
                                <Coded text={advice} />
                              </span>
                            )}
                          </td>
                          <td>{[...of].join(" ")}</td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </Scroll>
              )}
              {reasons.size > MOST ? <p class="soft">{reasons.size - MOST} more, on the rules' own pages.</p> : null}
            </details>
          );
        })}
      </div>
    </section>
  );
}

/** Rows of a tab; the rest is on the rules' pages. */
const MOST = 12;
