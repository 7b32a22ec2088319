import { h, replace } from "../dom.ts";
import type { ExportFormat, InputFile, PackageTexts, QueryExportFormat, RequestName, Requests } from "../protocol.ts";
import { millisText, plural, type AlertEvidence, type ListedAlert } from "../../report/index.ts";
import { UTC } from "../../workbench/index.ts";
import { AddedRulesView } from "./added-rules.ts";
import { guideLinks } from "./alerts/guide.ts";
import { AlertsPanel } from "./alerts/panel.ts";
import type { BenchClient } from "./bench-client.ts";
import type { Dropped } from "./dropped.ts";
import { dropZone } from "./drop-zone.ts";
import { download, emptyState } from "./parts.ts";
import { ProgressView } from "./progress.ts";
import { QueryPanel } from "./query-panel.ts";
import { localStorageOrNull } from "./query-store.ts";
import { ReadPanel } from "./read-panel.ts";
import { tabs } from "./tabs.ts";
import { TuningPanel } from "./tuning-panel.ts";

/** The workbench in the page: files in, alerts, queries and exceptions out. */
export class App {
  readonly #client: BenchClient;
  /** The packages, once they are in the worker. */
  #opened: Promise<readonly PackageTexts[]> | null = null;
  readonly #today: string;
  readonly #status = h("p", { class: "bench-status", role: "status" });
  readonly #progress: ProgressView;
  readonly #zone: ReturnType<typeof dropZone>;
  readonly #alerts: AlertsPanel<AlertEvidence>;
  readonly #query: QueryPanel;
  readonly #tuning: TuningPanel;
  readonly #read = new ReadPanel();
  readonly #tabs: ReturnType<typeof tabs>;
  readonly #added: AddedRulesView;
  #busy = false;
  #hasHunted = false;
  /** What the last hunt read: rules that are given later run on the same. */
  #logs: Dropped | null = null;
  /** Files of rules by their names: one that is given again takes the place of the former. */
  readonly #ruleFiles = new Map<string, InputFile>();

  constructor(root: HTMLElement, client: BenchClient) {
    this.#client = client;
    this.#today = new Date().toISOString().slice(0, 10);
    this.#progress = new ProgressView(() => void client.ask("cancel", {}));
    client.onProgress = (progress) => this.#progress.update(progress);
    client.onBroken = (message) =>
      this.fail(new Error(`${message} Reload the page to begin again; very large logs are for the command line.`));
    this.#zone = dropZone({
      formats: root.dataset["formats"] ?? "EVTX, XML, JSON, CSV and others",
      onFiles: (dropped) => void this.#take(dropped),
      cases: Number(root.dataset["cases"] ?? 0),
      onSample: () => void this.#tryCases(),
    });
    this.#added = new AddedRulesView(() => void this.#removeRules());
    this.#alerts = new AlertsPanel({
      zone: UTC,
      detail: (id) => this.#ask("alert", { id }),
      exports: [
        { title: "CSV", run: (ids) => void this.#export("csv", ids) },
        { title: "NDJSON", run: (ids) => void this.#export("ndjson", ids) },
        { title: "HTML report", run: (ids) => void this.#export("html", ids) },
      ],
      guide: (alert, act) =>
        guideLinks(alert, act, {
          root: new URL(root.dataset["base"] ?? "../", document.baseURI),
          packages: new Set((root.dataset["package"] ?? "").split(/\s+/)),
          pageOf: () => null,
        }),
      onTune: (row) => this.#tune(row),
      // An address is sent to whoever serves the page, and names out of a log are not.
      onAddress: null,
    });
    this.#query = new QueryPanel({
      run: (ask) => this.#run("Searching …", () => this.#ask("query", ask)),
      values: () => this.#ask("values", {}),
      onExport: (format) => void this.#exportQuery(format),
      storage: localStorageOrNull(),
    });
    this.#tuning = new TuningPanel({
      effect: (draft) => this.#ask("tune", { draft }),
      propose: (id) => this.#ask("propose", { id }),
      writesAt: root.dataset["writes"] ?? null,
      today: this.#today,
    });
    this.#alerts.element.append(emptyState("No alerts yet: drop logs above. Rules of your own (Sigma, Elastic, EQL) can be dropped, too."));
    this.#read.element.append(
      emptyState("Nothing was read yet. Here stands what was in the logs, what could not be read, and what rules could not see."),
    );
    this.#tabs = tabs("Results", [
      { id: "alerts", title: "Alerts", panel: h("div", {}, this.#alerts.element) },
      { id: "query", title: "Query", panel: h("div", {}, this.#query.element), onFirst: () => void this.#query.open() },
      { id: "tuning", title: "Tuning", panel: h("div", {}, this.#tuning.element) },
      { id: "read", title: "What was read", panel: h("div", {}, this.#read.element) },
    ]);
    replace(
      root,
      h("div", { class: "bench" }, this.#zone.element, this.#added.element, this.#status, this.#progress.element, this.#tabs.element),
    );
    // A hunt may have taken minutes, and nothing of it is kept anywhere.
    addEventListener("beforeunload", (event) => {
      if (this.#hasHunted) event.preventDefault();
    });
  }

  /** The packages, loaded into the worker when something is first asked of it. */
  #open(): Promise<readonly PackageTexts[]> {
    this.#opened ??= this.#loadPackages().catch((error: unknown) => {
      this.#opened = null;
      throw error;
    });
    return this.#opened;
  }

  async #loadPackages(): Promise<readonly PackageTexts[]> {
    const texts = await this.#client.start();
    const { packages, problems } = await this.#client.ask("open", { packages: texts, today: this.#today });
    if (problems.length > 0) this.#status.textContent = `The package cannot be used whole: ${problems.slice(0, 3).join("; ")}`;
    this.#tuning.setRules(packages.flatMap((p) => p.rules));
    return texts;
  }

  async #ask<N extends RequestName>(name: N, ask: Requests[N]["ask"]): Promise<Requests[N]["answer"]> {
    await this.#open();
    return this.#client.ask(name, ask);
  }

  /** Hunts in the raw telemetry of the packages' proof cases. */
  async #tryCases(): Promise<void> {
    try {
      this.#status.textContent = LOADING;
      const files: InputFile[] = [];
      for (const { id, files: texts } of await this.#open()) {
        for (const [path, text] of Object.entries(texts))
          if (/^cases\/[^/]+\/events\.(ndjson|xml)$/.test(path)) files.push({ name: `${id}/${path}`, file: new Blob([text]) });
      }
      await this.#hunt({ files, problems: [] });
    } catch (error) {
      this.fail(error);
    }
  }

  /** Hunts in logs that come with the site. */
  async showExample(example: InputFile): Promise<void> {
    await this.#hunt({ files: [example], problems: [] });
  }

  /** Rules join those of the packages, logs are hunted in. */
  async #take(dropped: Dropped): Promise<void> {
    if (this.#busy) {
      this.#status.textContent = "One at a time: cancel what is running first.";
      return;
    }
    try {
      if (this.#opened === null) this.#status.textContent = LOADING;
      const areRules = await this.#ask("ruleFiles", { files: dropped.files });
      const logs: Dropped = { files: dropped.files.filter((_, i) => areRules[i] !== true), problems: dropped.problems };
      const rules = dropped.files.filter((_, i) => areRules[i] === true);
      for (const file of rules) this.#ruleFiles.set(file.name, file);
      if (rules.length > 0) await this.#setRules();
      if (logs.files.length > 0 || rules.length === 0) await this.#hunt(logs);
      else if (this.#logs !== null) await this.#hunt(this.#logs);
      else this.#status.textContent = "The rules are ready: drop logs to run them.";
    } catch (error) {
      this.fail(error);
    }
  }

  async #setRules(): Promise<void> {
    const added = await this.#ask("setRules", { files: [...this.#ruleFiles.values()] });
    if (this.#ruleFiles.size > 0) this.#added.show(added);
    else this.#added.clear();
  }

  async #removeRules(): Promise<void> {
    if (this.#busy) return;
    this.#ruleFiles.clear();
    try {
      await this.#setRules();
      if (this.#logs !== null) await this.#hunt(this.#logs);
    } catch (error) {
      this.fail(error);
    }
  }

  async #hunt(logs: Dropped): Promise<void> {
    const { files, problems } = logs;
    if (this.#busy) {
      this.#status.textContent = "One at a time: cancel what is running first.";
      return;
    }
    if (files.length === 0) {
      this.#status.textContent = problems[0] ?? "There is no file in what was dropped.";
      return;
    }
    try {
      this.#status.textContent = "";
      const summary = await this.#run(`Reading ${plural(files.length, "file")} …`, () => this.#ask("hunt", { files }));
      this.#hasHunted = true;
      this.#logs = logs;
      this.#alerts.show(summary.list);
      this.#read.show(summary, problems);
      this.#query.setFiles(true);
      this.#tuning.refresh();
      void this.#query.refreshValues();
      const errors = summary.input.errors + problems.length;
      this.#status.textContent = [
        `${summary.input.aborted ? "Stopped: " : ""}${plural(summary.list.alerts.length + summary.list.notKept, "alert")} in ${plural(summary.list.incidents.length, "incident")}`,
        `from ${plural(summary.events, "event")} in ${millisText(summary.ms)}`,
        ...(summary.suppressed > 0 ? [`${plural(summary.suppressed, "alert")} suppressed by exceptions`] : []),
        ...(errors > 0 ? [`${plural(errors, "part")} could not be read, see What was read`] : []),
      ].join("; ");
      this.#tabs.show("alerts");
    } catch (error) {
      this.fail(error);
    }
  }

  async #run<T>(what: string, work: () => Promise<T>): Promise<T> {
    if (this.#busy) throw new Error("One at a time: cancel what is running first.");
    this.#busy = true;
    this.#progress.start(what);
    try {
      return await work();
    } finally {
      this.#busy = false;
      this.#progress.stop();
    }
  }

  async #export(format: ExportFormat, ids: readonly string[] | null): Promise<void> {
    if (!this.#hasHunted) return;
    try {
      const blob = await this.#ask("export", { format, ids });
      download(format === "html" ? "tocsin-report.html" : `tocsin-alerts.${format}`, blob);
    } catch (error) {
      this.fail(error);
    }
  }

  async #exportQuery(format: QueryExportFormat): Promise<void> {
    try {
      download(`tocsin-query.${format}`, await this.#ask("exportQuery", { format }));
    } catch (error) {
      this.fail(error);
    }
  }

  #tune(row: ListedAlert): void {
    this.#tabs.show("tuning");
    void this.#tuning.begin(row);
  }

  /** Says what went wrong, in place of the state. */
  fail(error: unknown): void {
    this.#progress.stop();
    this.#status.textContent = error instanceof Error ? error.message : String(error);
  }
}

const LOADING = "Loading the rules …";
