/** The whole site as a list of pages, which `tocsin serve` answers with one by one and `tocsin site` writes to a folder. */
import { attackLayer, LINT_CODES, sources, UTC, type LintCode } from "../workbench/index.ts";
import { AlertFiles } from "./alert-files.ts";
import { packageFiles } from "./package-files.ts";
import { PackageView } from "./package-view.ts";
import { byLogSource, byTechnique, ruleViews, type LooseRules, type RuleView } from "./rule-view.ts";
import { textFile, type HtmlPage, type Page } from "./page.ts";
import { ICON, type PageContext, type SitePart } from "./parts/frame.tsx";
import { PLATFORM_LIST } from "./platform-list.ts";
import { AlertsPage } from "./routes/alerts.tsx";
import { AttackPage } from "./routes/attack.tsx";
import { CasePage, CasesPage } from "./routes/cases.tsx";
import { DesignPage } from "./routes/design.tsx";
import { CataloguePage } from "./routes/catalogue/page.tsx";
import { MatrixPage } from "./routes/detection/coverage.tsx";
import { pagesOf } from "./routes/detection/frame.tsx";
import { DetectionPage } from "./routes/detection/page.tsx";
import { PlatformPage } from "./routes/detection/platform.tsx";
import { TestPage } from "./routes/detection/tests.tsx";
import { FleetPage } from "./routes/fleet.tsx";
import { ReferenceIndexPage } from "./routes/reference.tsx";
import { packageRules, PackageRulesPage } from "./routes/rules/packages.tsx";
import { searchIndex } from "./search-index.ts";
import { LanguagePage, LintCodePage, LintPage } from "./routes/documents.tsx";
import { HomePage } from "./routes/home.tsx";
import { NotFoundPage } from "./routes/not-found.tsx";
import { RulePage } from "./routes/rule.tsx";
import { NotRunPage, paged, RuleListPage, RulesPage } from "./routes/rules/list.tsx";
import { LooseRulePage } from "./routes/rules/rule.tsx";
import { EXAMPLE, RunPage } from "./routes/run.tsx";
import { SourcePage, SourcesPage } from "./routes/sources.tsx";
import { WriteExceptionPage } from "./routes/write-exception.tsx";
import type { SiteState } from "./state.ts";
import { PageLinks, type Face } from "./page-links.ts";

export class Site {
  readonly face: Face;
  /** The page that the root leads to: of a hunt in logs that were given its alerts. */
  readonly start: string;
  readonly #alerts: AlertFiles | null;
  readonly #pages: ReadonlyMap<string, Page>;
  readonly #assets: string;
  readonly #parts: PageContext["parts"];
  readonly #packages: ReadonlySet<string>;
  readonly #views: readonly PackageView[];

  /** @param assets the version of the bundled styles and scripts, which is a part of their address. */
  constructor(state: SiteState, face: Face, assets = "") {
    this.face = face;
    this.#assets = assets;
    const views = state.packages.map((source) => new PackageView(source, state.today, face));
    this.#views = views;
    this.#packages = new Set(views.map((view) => view.id));
    this.start = face === "served" && state.hunt !== null && !state.synthetic ? "alerts/" : "";
    this.#parts = partsOf(state);
    const rules = state.rules === null ? [] : ruleViews(state.rules);
    this.#alerts =
      state.hunt === null ? null : new AlertFiles(state.hunt, state.zone ?? UTC, new Map(rules.map(({ rule, path }) => [rule.key, path])));
    const pages: Page[] = [
      ...(this.#alerts?.list() ?? []),
      ...(face === "written" ? (this.#alerts?.written() ?? []) : []),
      html("", null, (place) => <HomePage views={views} state={state} place={place} />),
      html("detections/", "detections/", (place) => <CataloguePage views={views} place={place} />),
      ...paged("detections/rules/", packageRules(views)).map((page) =>
        html(page.path, "detections/", (place) => <PackageRulesPage base="detections/rules/" page={page} place={place} />),
      ),
      ...general(state, views, rules, this.#alerts),
      ...views.flatMap(ofPackage),
      ...(state.rules === null ? [] : ofRules(state.rules, rules, face)),
      textFile("data/search.js", "text/javascript", () => searchIndex(views, rules, this.#parts)),
    ];
    this.#pages = new Map(pages.map((page) => [page.path, page]));
  }

  /** Makes the list of alerts, which is what a hunt is served for: with tens of thousands, nobody should wait for it. */
  prepare(): void {
    void this.#alerts?.incidents;
  }

  /** Everything that is made once and at first use, in steps: who serves the pages takes them while nobody asks. */
  *steps(): Generator<void> {
    for (const view of this.#views) yield* view.steps();
  }

  pages(): Iterable<Page> {
    return this.#pages.values();
  }

  page(path: string): Page | undefined {
    return this.#pages.get(path) ?? this.#alerts?.page(path);
  }

  html(page: HtmlPage): string {
    return documentOf(page.render(this.#place(page.path, page.part)));
  }

  notFound(): string {
    return documentOf(<NotFoundPage place={this.#place(null, null)} />);
  }

  #place(path: string | null, part: string | null): PageContext {
    return { links: new PageLinks(path, this.face, this.#assets), path, parts: this.#parts, packages: this.#packages, part };
  }
}

/** The five parts that the bar leads to, as far as there is something in them. */
function partsOf({ hunt, packages, rules, documents }: SiteState): SitePart[] {
  return [
    ...(hunt === null ? [] : [{ path: "alerts/", name: "Alerts" }]),
    {
      path: "detections/",
      name: "Detections",
      pages: [
        { path: "detections/", name: "Packages" },
        ...(packages.length === 0 ? [] : [{ path: "detections/rules/", name: "Rules" }]),
        ...(rules === null ? [] : [{ path: "rules/", name: "Rules of no package" }]),
      ],
    },
    {
      path: "attack/",
      name: "Coverage",
      pages: [
        { path: "attack/", name: "ATT&CK" },
        { path: "fleet/", name: "Your log sources" },
      ],
    },
    { path: "run/", name: "Run" },
    {
      path: "reference/",
      name: "Reference",
      pages: [
        { path: "reference/", name: "Reference" },
        { path: "sources/", name: "Data sources" },
        { path: "lint/", name: "Findings of the linter" },
        ...(documents.has("language.md") ? [{ path: "language/", name: "Language" }] : []),
      ],
    },
  ];
}

function documentOf(page: ReturnType<HtmlPage["render"]>): string {
  // oxlint-disable-next-line typescript/no-base-to-string -- the text of a JSX node is its HTML
  return `<!doctype html>${String(page)}`;
}

function html(path: string, part: string | null, render: HtmlPage["render"]): HtmlPage {
  return { kind: "html", path, part, render };
}

function general(state: SiteState, views: readonly PackageView[], rules: readonly RuleView[], alerts: AlertFiles | null): Page[] {
  const loose = new Map(rules.map(({ rule, path }) => [rule.key, path]));
  const { hunt, zone = UTC, synthetic, documents, example, writer } = state;
  const language = documents.get("language.md");
  return [
    ...(hunt === null
      ? []
      : [
          html("alerts/", "alerts/", (place) => (
            <AlertsPage hunt={hunt} incidents={alerts?.incidents ?? []} zone={zone} synthetic={synthetic} loose={loose} place={place} />
          )),
        ]),
    ...(example === undefined ? [] : [{ kind: "file", path: EXAMPLE, type: "application/x-ndjson", bytes: example } as const]),
    textFile("icon.svg", "image/svg+xml", () => ICON),
    html("run/", "run/", (place) => <RunPage views={views} example={example !== undefined} writes={writer !== undefined} place={place} />),
    ...(writer === undefined ? [] : [html("tuning/", "run/", (place) => <WriteExceptionPage writer={writer} place={place} />)]),
    html("attack/", "attack/", (place) => <AttackPage views={views} place={place} />),
    textFile("attack/navigator.json", "application/json", () =>
      attackLayer(
        "Tocsin",
        views.map((view) => view.detection),
      ),
    ),
    html("fleet/", "attack/", (place) => <FleetPage views={views} place={place} />),
    html("reference/", "reference/", (place) => <ReferenceIndexPage place={place} />),
    html("sources/", "reference/", (place) => <SourcesPage place={place} />),
    ...sources().map((source) =>
      html(`sources/${source.id}/`, "reference/", (place) => <SourcePage source={source} views={views} place={place} />),
    ),
    html("lint/", "reference/", (place) => <LintPage views={views} place={place} />),
    ...(Object.keys(LINT_CODES) as LintCode[]).map((code) =>
      html(`lint/${code}/`, "reference/", (place) => (
        <LintCodePage code={code} text={documents.get(`lint/${code}.md`)} views={views} place={place} />
      )),
    ),
    ...(language === undefined ? [] : [html("language/", "reference/", (place) => <LanguagePage text={language} place={place} />)]),
    html("design/", null, (place) => <DesignPage place={place} />),
  ];
}

function ofPackage(view: PackageView): Page[] {
  const { cases, rules, tests } = view.detection;
  const page = (path: string, render: HtmlPage["render"]): Page => html(`${view.path}${path}`, "detections/", render);
  return [
    ...pagesOf(view.detection).map((at) => page(at, (place) => <DetectionPage view={view} place={place} at={at} />)),
    page("coverage/matrix/", (place) => <MatrixPage view={view} place={place} />),
    page("cases/", (place) => <CasesPage view={view} place={place} />),
    ...cases.map((c) =>
      page(`cases/${c.name}/`, (place) => {
        const result = view.result(c.name);
        return result === undefined ? <NotFoundPage place={place} /> : <CasePage view={view} place={place} result={result} />;
      }),
    ),
    ...rules.map((rule) => page(`rules/${rule.id}/`, (place) => <RulePage view={view} place={place} rule={rule} />)),
    ...tests.tests.map((test) => page(`tests/${test.id}/`, (place) => <TestPage view={view} place={place} test={test} />)),
    ...PLATFORM_LIST.map((platform) =>
      page(`deploy/${platform.id}/`, (place) => <PlatformPage view={view} place={place} platform={platform} />),
    ),
    ...packageFiles(view),
  ];
}

/** Rules of no package of which the written pages have every translation; a page of one rule in every language has some 50 kB. */
const MAX_TRANSLATED = 200;

/** Rules of no package. */
function ofRules(rules: LooseRules, views: readonly RuleView[], face: Face): Page[] {
  const [sources, techniques] = [byLogSource(views), byTechnique(views)];
  const found = new Map([...sources, ...techniques].map(({ title, path }) => [title, path]));
  const { problems } = rules.set;
  const translated = face === "served" || views.length <= MAX_TRANSLATED;
  const lists = [{ title: "All rules", path: "rules/all/", rules: views }, ...sources, ...techniques];
  return [
    html("rules/", "detections/", (place) => (
      <RulesPage views={views} sources={sources} techniques={techniques} problems={problems} place={place} />
    )),
    ...lists.flatMap(({ title, path, rules: listed }) =>
      paged(path, listed).map((page) =>
        html(page.path, "detections/", (place) => <RuleListPage title={title} base={path} page={page} place={place} />),
      ),
    ),
    ...(problems.length === 0
      ? []
      : paged("rules/not-run/", problems).map((page) =>
          html(page.path, "detections/", (place) => <NotRunPage base="rules/not-run/" page={page} place={place} />),
        )),
    ...views.map((view) =>
      html(view.path, "detections/", (place) => <LooseRulePage view={view} place={place} translated={translated} lists={found} />),
    ),
  ];
}
