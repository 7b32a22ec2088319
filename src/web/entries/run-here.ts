/** Mounts the workbench in `<div id="run-here" data-package="T1021.002">`; several packages are named with blanks between. */
import { App } from "../page/app.ts";
import { BenchClient, startWorker } from "../page/bench-client.ts";
import { h } from "../dom.ts";
import type { PackageTexts } from "../protocol.ts";

const root = document.getElementById("run-here");
if (root !== null && root.dataset["mounted"] === undefined) {
  root.dataset["mounted"] = "";
  mount(root);
}

function mount(element: HTMLElement): void {
  document.head.append(h("link", { rel: "stylesheet", href: new URL("run-here.css", import.meta.url).href }));
  const ids = (element.dataset["package"] ?? "").split(/\s+/).filter((id) => id !== "");
  // The site's root, from the page: where the bundles lie changes with them.
  const base = new URL(element.dataset["base"] ?? "../", document.baseURI);
  // Megabytes that nobody needs before there is a file.
  const client = new BenchClient(async () => {
    const packages = await Promise.all(ids.map((id) => textsOf(id, base)));
    forbidConnections();
    // From here on the example cannot be loaded any more.
    document.getElementById("example")?.toggleAttribute("hidden", true);
    return { packages, worker: startWorker(new URL("bench-worker.js", import.meta.url)) };
  });
  const app = new App(element, client);
  const { example } = element.dataset;
  if (example !== undefined) exampleAt(app, client, new URL(example, base));
}

/** The link to the example, and its address, hunt in the log that comes with the site: before files of the reader's are, or not at all. */
function exampleAt(app: App, client: BenchClient, address: URL): void {
  const show = async (): Promise<void> => {
    if (location.hash !== "#example" || client.hasStarted) return;
    const response = await fetch(address).catch(() => null);
    if (response?.ok === true) await app.showExample({ name: "example.ndjson", file: await response.blob() });
    else app.fail(new Error("The example could not be loaded."));
  };
  addEventListener("hashchange", () => void show());
  void show();
}

async function textsOf(id: string, base: URL): Promise<PackageTexts> {
  const response = await fetch(new URL(`data/${encodeURIComponent(id)}.json`, base));
  if (!response.ok) throw new Error(`the package ${id} is not there (${response.status})`);
  return { id, files: (await response.json()) as { readonly [path: string]: string } };
}

/**
 * From here on the page needs no connection at all, and a policy can be added and never taken back: nothing that is read from a log can
 * leave, whatever code runs in the page, and the worker inherits the policy.
 */
function forbidConnections(): void {
  const policy = "connect-src 'none'; form-action 'none'; frame-src 'none'; object-src 'none'; img-src 'self' data:";
  document.head.append(h("meta", { "http-equiv": "Content-Security-Policy", content: policy }));
}
