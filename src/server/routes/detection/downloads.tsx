import { Heading } from "../../parts/marks.tsx";
import type { PartProps } from "./part.ts";

export function Downloads({ view, place }: PartProps) {
  const to = (file: string) => place.links.to(`${view.path}files/${file}`);
  return (
    <section aria-labelledby="downloads">
      <Heading level={2} id="downloads">
        Downloads
      </Heading>
      <ul class="downloads">
        <li>
          <a href={to(`${view.id}.zip`)} download="">
            {view.id}.zip
          </a>
          The whole package: rules, cases, tests, tuning, guide, playbook
        </li>
        <li>
          <a href={to("kibana.ndjson")} download="">
            kibana.ndjson
          </a>
          All rules for Elastic Security: Rules, Import
        </li>
        <li>
          <a href={to("sigma.zip")} download="">
            sigma.zip
          </a>
          Portable Sigma rules
        </li>
        <li>
          <a href={to("navigator.json")} download="">
            navigator.json
          </a>
          Layer for ATT&amp;CK Navigator
        </li>
        <li>
          <a href={to("eql.zip")} download="">
            eql.zip
          </a>
          The queries as they stand
        </li>
        {(["playbook", "guide"] as const).map((name) =>
          view.detection[name] === "" ? null : (
            <li>
              <a href={to(`${name}.md`)} download="">
                {name}.md
              </a>
              The {name} as Markdown
            </li>
          ),
        )}
      </ul>
      <p class="soft">
        One rule alone: at its section above. For another platform: at its <a href="#platforms">tab</a>.
      </p>
    </section>
  );
}
