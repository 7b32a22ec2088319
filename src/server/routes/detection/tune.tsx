/** What ordinary work sets the rules off, how it is told from an attack, and the exclusion for it. */
import { Columns, Scroll } from "../../../report/index.ts";
import type { Detection } from "../../../workbench/index.ts";
import { Heading, RuleLinks, Tags } from "../../parts/marks.tsx";
import type { PartProps } from "./part.ts";

type Exception = Detection["tuning"]["exceptions"][number];

/** A false positive that rules share, the exclusion for it, or an exclusion that no rule names. */
export interface FalsePositive {
  readonly scenario: string;
  readonly tell: string;
  readonly rules: readonly string[];
  readonly exception: Exception | null;
}

/** Those with an exclusion first, then what a person has to decide; what concerns more rules before the rest. */
export function falsePositives({ rules, tuning }: Detection): FalsePositive[] {
  const exceptions = new Map(tuning.exceptions.map((e) => [e.id, e]));
  const rows = new Map<string, FalsePositive & { readonly rules: string[] }>();
  const named = new Set<string>();
  for (const rule of rules)
    for (const { scenario, tell, exception } of rule.false_positives) {
      const known = exception === null ? undefined : exceptions.get(exception);
      // One exclusion is one row, however its rules word what it is for.
      const key = known === undefined ? `${scenario}|${tell}` : known.id;
      if (known !== undefined) named.add(known.id);
      const row = rows.get(key) ?? { scenario, tell, rules: [], exception: known ?? null };
      row.rules.push(rule.id);
      rows.set(key, row);
    }
  for (const exception of tuning.exceptions)
    if (!named.has(exception.id)) rows.set(exception.id, { scenario: exception.title, tell: "", rules: [...exception.rules], exception });
  return [...rows.values()].sort((a, b) => Number(a.exception === null) - Number(b.exception === null) || b.rules.length - a.rules.length);
}

export function Tune({ view, place }: PartProps) {
  const { tuning } = view.detection;
  const rows = falsePositives(view.detection);
  return (
    <>
      <p>
        Every exclusion must name a source, an account and an artefact. Each is proved by a recording of ordinary work that it suppresses,
        and none suppresses an attack. The values are a lab's: replace them with yours. An exclusion that has expired is not applied.
      </p>
      <Heading level={2} id="false-positives">
        False positives and exclusions
      </Heading>
      <Scroll label="False positives and exclusions">
        <table class="exclusions stacked">
          <Columns of={["What happens", "How to tell it from an attack", "Rules", "Exclusion"]} />
          <tbody>
            {rows.map(({ scenario, tell, rules, exception }) => (
              <tr>
                <th scope="row" class="wide">
                  {scenario}
                </th>
                <td class="what">{tell}</td>
                <td>
                  <RuleLinks rules={rules} of={view.id} links={place.links} />
                </td>
                <td>
                  {exception === null ? (
                    <span class="soft">none: a person decides</span>
                  ) : (
                    <Exclusion of={exception} view={view} place={place} />
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {tuning.recipes.length === 0 ? null : <Recipes of={tuning.recipes} />}
      <Lists of={tuning} />
    </>
  );
}

/** The three parts, and what shows that it works. */
function Exclusion({ of, view, place }: PartProps & { of: Exception }) {
  const cases = view.detection.cases.filter((c) => c.excepted.some((e) => e.by === of.id));
  return (
    <details id={`exception-${of.id}`}>
      <summary>{of.title}</summary>
      <dl class="facts">
        {(["source", "account", "artefact"] as const).map((part) => (
          <>
            <dt>{part}</dt>
            <dd>
              {Object.entries(of[part]).map(([field, values]) => (
                <div>
                  <code>{field}</code> is <Tags of={values} />
                </div>
              ))}
            </dd>
          </>
        ))}
        <dt>why</dt>
        <dd>{of.reason}</dd>
        <dt>owner</dt>
        <dd>
          {of.owner}; since {of.created}, until {of.expires}
        </dd>
        <dt>shown by</dt>
        <dd>
          {cases.map((c, i) => (
            <>
              {i === 0 ? "" : ", "}
              <a href={place.links.to(`${view.path}cases/${c.name}/`)}>{c.name}</a>
            </>
          ))}
        </dd>
      </dl>
    </details>
  );
}

function Recipes({ of }: { of: Detection["tuning"]["recipes"] }) {
  return (
    <>
      <Heading level={2} id="recipes">
        What to combine, by system
      </Heading>
      <Scroll label="Tuning by system">
        <table>
          <Columns of={["System", "What it does", "Combine", "Never"]} />
          <tbody>
            {of.map((recipe) => (
              <tr>
                <th scope="row" class="wide">
                  {recipe.system}
                </th>
                <td class="what">{recipe.rule_of_thumb}</td>
                <td class="what">{recipe.combine.join(" + ")}</td>
                <td class="what">{recipe.never ?? ""}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </>
  );
}

/** Lists of machines and accounts that exclusions name. */
function Lists({ of }: { of: Detection["tuning"] }) {
  const lists = (["management_hosts", "service_accounts"] as const).flatMap((kind) =>
    Object.entries(of[kind]).map(([name, list]) => ({ name: `@${kind}.${name}`, ...list })),
  );
  if (lists.length === 0) return null;
  return (
    <>
      <Heading level={2} id="lists">
        Lists
      </Heading>
      <details>
        <summary>{lists.length} lists of machines and accounts that the exclusions name</summary>
        <Scroll label="Lists of management hosts and service accounts">
          <table class="dense">
            <Columns of={["List", "Why", "Owner", "Entries"]} />
            <tbody>
              {lists.map(({ name, why, owner, entries }) => (
                <tr>
                  <td class="name">
                    <code>{name}</code>
                  </td>
                  <td>{why}</td>
                  <td>{owner}</td>
                  <td class="what">
                    {entries.map((entry) => (
                      <div>
                        <code>{entry.value}</code> <span class="soft">{entry.note}</span>
                      </div>
                    ))}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      </details>
    </>
  );
}
