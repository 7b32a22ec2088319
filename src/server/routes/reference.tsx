import { LINT_CODES, sources } from "../../workbench/index.ts";
import { Frame, type PageContext } from "../parts/frame.tsx";

/** What is looked up: the parts of the reference. */
export function ReferenceIndexPage({ place }: { place: PageContext }) {
  const has = (path: string): boolean => place.parts.some(({ pages }) => pages?.some((page) => page.path === path) === true);
  const entries = [
    ["sources/", "Data sources", `What each of ${sources().length} sources writes, event by event, with the audit setting that yields it`],
    ["lint/", "Findings of the linter", `${Object.keys(LINT_CODES).length} findings, what each means and how it is mended`],
    ["language/", "The language", "EQL as it is run here: syntax, functions, differences from Elasticsearch"],
    ["attack/#licence", "ATT&CK", "The version of ATT&CK that is shown, and its licence"],
    ["design/", "Design", "What these pages are made of: colours, type, words with a meaning"],
  ] as const;
  return (
    <Frame title="Reference" place={place}>
      <h1>Reference</h1>
      <dl class="facts reference-index">
        {entries
          .filter(([path]) => path !== "language/" || has(path))
          .map(([path, name, what]) => (
            <>
              <dt>
                <a href={place.links.to(path)}>{name}</a>
              </dt>
              <dd>{what}</dd>
            </>
          ))}
      </dl>
    </Frame>
  );
}
