/** What has to be collected, where the rules run, and what can be downloaded. */
import { Columns, Scroll } from "../../../report/index.ts";
import { dropsConjunct } from "../../../workbench/index.ts";
import { PLATFORM_LIST } from "../../platform-list.ts";
import { Heading, Tags } from "../../parts/marks.tsx";
import { Measured } from "../../parts/measured.tsx";
import type { PartProps } from "./part.ts";

/** How a platform's texts were held against it. */
export const CHECKED = {
  executed: "run there, with the same results",
  validated: "accepted by its parser or schema",
  text: "by its documentation",
} as const;

export function Deploy({ view, place }: PartProps) {
  return (
    <>
      <Setup view={view} place={place} />
      <Platforms view={view} place={place} />
      <Downloads view={view} place={place} />
    </>
  );
}

function Setup({ view }: PartProps) {
  const sources = view.detection.meta.data_sources;
  if (sources.length === 0) return null;
  return (
    <>
      <Heading level={2} id="data-sources">
        What to collect
      </Heading>
      <Scroll label="Data sources">
        <table class="stacked">
          <Columns of={["Collected by", "Index patterns", "Set up"]} />
          <tbody>
            {sources.map((source) => (
              <tr>
                <th scope="row" class="wide">
                  {source.name}
                  <div class="soft">{source.yields.join(", ")}</div>
                </th>
                <td>
                  {source.index_patterns.length === 0 ? (
                    <span class="soft">none: read as they are</span>
                  ) : (
                    <Tags of={source.index_patterns} />
                  )}
                </td>
                <td class="what">{source.setup}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </>
  );
}

function Platforms({ view, place }: PartProps) {
  return (
    <>
      <Heading level={2} id="platforms">
        Platforms
      </Heading>
      <p>The same rules in other languages. Select a platform to see its queries and what differs in them.</p>
      <Measured when={view.isTranslated} id="translated" instead={<p class="soft">The rules are being translated.</p>}>
        {() => <PlatformTable view={view} place={place} />}
      </Measured>
    </>
  );
}

function PlatformTable({ view, place }: PartProps) {
  const { rules } = view.detection;
  return (
    <Scroll label="Platforms">
      <table class="dense stacked">
        <Columns
          of={[
            "Platform",
            { name: "The same detection", number: true },
            { name: "Differs", number: true, title: "Wider or narrower: what differs is named" },
            {
              name: "Lacks a condition",
              number: true,
              title: "The text would find more than the rule: it is written only when asked for",
            },
            { name: "Not supported", number: true },
            "Checked",
            "All rules",
          ]}
        />
        <tbody>
          {PLATFORM_LIST.map((platform) => {
            const { id } = platform;
            const made = id === "eql" ? [] : rules.map((rule) => view.translation(rule, id));
            const none = made.filter(({ text }) => text === "").length;
            const lacking = made.filter((one) => one.text !== "" && dropsConjunct(one)).length;
            const exact = id === "eql" ? rules.length : made.filter(({ effect }) => effect === "exact").length;
            return (
              <tr>
                <th scope="row">
                  <a href={place.links.to(`${view.path}deploy/${id}/`)}>{platform.title}</a>
                </th>
                <td class="number" data-label="the same">
                  {exact}
                </td>
                <td class="number" data-label="differ">
                  {rules.length - exact - none - lacking || ""}
                </td>
                <td class="number" data-label="lack a condition">
                  {lacking || ""}
                </td>
                <td class="number" data-label="not supported">
                  {none || ""}
                </td>
                <td class="soft">{id === "eql" ? "as it is written" : CHECKED[platform.checked]}</td>
                <td>
                  <a href={place.links.to(`${view.path}files/${id}.zip`)} download="">
                    {id}.zip
                  </a>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Scroll>
  );
}

function Downloads({ view, place }: PartProps) {
  const to = (file: string) => place.links.to(`${view.path}files/${file}`);
  const files: readonly (readonly [file: string, what: string])[] = [
    [`${view.id}.zip`, "The whole package: rules, cases, tests, tuning, guide, playbook"],
    ["kibana.ndjson", "All rules for Elastic Security: Rules, Import"],
    ["sigma.zip", "Portable Sigma rules"],
    ["navigator.json", "Layer for ATT&CK Navigator"],
    ["eql.zip", "The queries as they stand"],
    ...(["playbook", "guide"] as const).flatMap((name) =>
      view.detection[name] === "" ? [] : [[`${name}.md`, `The ${name} as Markdown`] as const],
    ),
  ];
  return (
    <>
      <Heading level={2} id="downloads">
        Downloads
      </Heading>
      <ul class="downloads">
        {files.map(([file, what]) => (
          <li>
            <a href={to(file)} download="">
              {file}
            </a>
            {what}
          </li>
        ))}
      </ul>
      <p class="soft">
        Single rules: see <a href={place.links.to(`${view.path}rules/`)}>Rules</a>. Platforms: see <a href="#platforms">the table above</a>.
      </p>
    </>
  );
}
