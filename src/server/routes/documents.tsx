import { Scroll, Columns } from "../../report/index.ts";
/** Documents of the project as pages: the language, and what each finding of the linter means. */
import { LINT_CODES, type LintCode } from "../../workbench/index.ts";
import { Frame, type PageContext } from "../parts/frame.tsx";
import { Coded, Heading, RuleLinks } from "../parts/marks.tsx";
import { Markdown } from "../parts/markdown.tsx";
import type { PackageView } from "../package-view.ts";

export function LanguagePage({ text, place }: { text: string; place: PageContext }) {
  const headings = [...text.matchAll(/^## (.+)$/gm)].map((m) => m[1]!);
  return (
    <Frame title="The language" place={place} class="with-contents">
      <nav class="contents" aria-label="On this page">
        <ol>
          {headings.map((heading) => (
            <li>
              <a
                href={`#${heading
                  .toLowerCase()
                  .replaceAll(/[^\p{L}\p{N}\s_-]+/gu, "")
                  .trim()
                  .replaceAll(/\s+/g, "-")}`}
              >
                {heading}
              </a>
            </li>
          ))}
        </ol>
      </nav>
      <article>
        <h1>The language</h1>
        <Markdown text={text} level={1} prefix="" skipTitle />
      </article>
    </Frame>
  );
}

const CLASS = { error: "high", warning: "medium", hint: "low" } as const;

export function LintPage({ views, place }: { views: readonly PackageView[]; place: PageContext }) {
  return (
    <Frame title="Lint" place={place}>
      <h1>What the linter finds</h1>
      <p class="lead">
        <code>tocsin lint</code> holds every query against what each data source can produce, and against the other rules.
      </p>
      <Scroll label="Findings">
        <table>
          <Columns
            of={["Code", "Severity", "What it says", { name: "In the packages", number: true }, { name: "Suppressed", number: true }]}
          />
          <tbody>
            {Object.entries(LINT_CODES).map(([code, entry]) => {
              const findings = views.flatMap((view) => view.facts.lint.findings.filter((f) => f.code === code));
              return (
                <tr>
                  <th scope="row">
                    <a href={place.links.to(`lint/${code}/`)}>{code}</a>
                  </th>
                  <td>
                    <span class={`severity ${CLASS[entry.severity]}`}>{entry.severity}</span>
                  </td>
                  <td class="what">{entry.title}</td>
                  <td class="number">{findings.filter((f) => f.suppressed === null).length}</td>
                  <td class="number">{findings.filter((f) => f.suppressed !== null).length}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Scroll>
    </Frame>
  );
}

export function LintCodePage({
  code,
  text,
  views,
  place,
}: {
  code: LintCode;
  text: string | undefined;
  views: readonly PackageView[];
  place: PageContext;
}) {
  const entry = LINT_CODES[code];
  const findings = views.flatMap((view) => view.facts.lint.findings.filter((f) => f.code === code).map((finding) => ({ view, finding })));
  return (
    <Frame title={`${code}: ${entry.title}`} place={place}>
      <p class="crumbs">
        <a href={place.links.to("lint/")}>Lint</a> <span aria-hidden="true">›</span> {code}
      </p>
      <h1>{entry.title}</h1>
      <p class="line">
        <span class={`severity ${CLASS[entry.severity]}`}>{entry.severity}</span> <code>{code}</code>
      </p>
      {text === undefined ? <Markdown text={entry.doc} level={2} prefix="" /> : <Markdown text={text} level={1} prefix="" skipTitle />}
      <Heading level={2} id="found">
        In the packages
      </Heading>
      {findings.length === 0 ? (
        <p class="good">Nowhere.</p>
      ) : (
        <Scroll label="Where it is found">
          <table>
            <Columns of={["Rule", "Finding", "Where"]} />
            <tbody>
              {findings.map(({ view, finding }) => (
                <tr>
                  <td>
                    {view.id} <RuleLinks rules={[finding.rule]} of={view.id} links={place.links} />
                  </td>
                  <td class="what">
                    <Coded text={finding.message} />
                    {finding.suppressed === null ? null : <div class="soft">Suppressed: {finding.suppressed}</div>}
                  </td>
                  <td class="what">
                    <code class="piece">{finding.text.replaceAll(/\s+/g, " ").slice(0, 160)}</code>
                    <div class="soft">
                      {finding.place.file}:{finding.place.line}:{finding.place.column}
                    </div>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </Frame>
  );
}
