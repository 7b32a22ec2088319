/** Mounts the workbench in `<div id="run-here" data-package="T1021.002">`; several packages are named with blanks between. */
import { App } from "../page/app.ts";
import { BenchClient, startWorker } from "../page/bench-client.ts";
import { h, replace } from "../dom.ts";
import type { PackageTexts } from "../protocol.ts";

const root = document.getElementById("run-here");
if (root !== null && root.dataset["mounted"] === undefined) {
  root.dataset["mounted"] = "";
  void mount(root);
}

async function mount(element: HTMLElement): Promise<void> {
  const style = h("link", { rel: "stylesheet", href: new URL("run-here.css", import.meta.url).href });
  document.head.append(style);
  const ids = (element.dataset["package"] ?? "").split(/\s+/).filter((id) => id !== "");
  try {
    // The site's root, from the page: where the bundles lie changes with them.
    const base = new URL(element.dataset["base"] ?? "../", document.baseURI);
    const packages = await Promise.all(ids.map((id) => textsOf(id, base)));
    forbidConnections();
    const app = new App(element, new BenchClient(startWorker(new URL("bench-worker.js", import.meta.url))), packages);
    await app.open();
  } catch (error) {
    replace(
      element,
      h("p", { class: "notice" }, `The workbench cannot be loaded here: ${error instanceof Error ? error.message : String(error)}.`),
    );
  }
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
