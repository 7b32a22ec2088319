/** The list of alerts in `<div id="alerts">`: what the page holds without a script is replaced once the list is there. */
import { readTimeZone, UTC } from "../../workbench/index.ts";
import { unpackAlertList, type AlertEvidence, type AlertList, type PackedAlertList } from "../../report/index.ts";
import { h, replace } from "../dom.ts";
import { listCsv } from "../page/alerts/csv.ts";
import { guideLinks } from "../page/alerts/guide.ts";
import { linesOf } from "../page/alerts/lines.ts";
import { AlertsPanel } from "../page/alerts/panel.ts";
import { stateOf } from "../page/alerts/state.ts";
import { download } from "../page/parts.ts";

const root = document.getElementById("alerts");
if (root !== null && location.protocol !== "file:") void mount(root);

async function mount(element: HTMLElement): Promise<void> {
  const address = (name: string): URL => new URL(element.dataset[name] ?? "", location.href);
  const folder = new URL(".", address("list"));
  const status = h("p", { class: "notice", role: "status", hidden: true });
  element.before(status);
  const say = (text: string): void => {
    status.textContent = text;
    status.hidden = text === "";
  };
  let list: AlertList;
  try {
    list = unpackAlertList((await answerOf(address("list"))) as PackedAlertList);
  } catch (error) {
    say(
      `The list could not be loaded, so the page shows the first alerts alone: ${error instanceof Error ? error.message : String(error)}.`,
    );
    return;
  }
  const packages = new Set((element.dataset["packages"] ?? "").split(" "));
  const chosenOf = (ids: readonly string[] | null): ReadonlySet<string> | null => (ids === null ? null : new Set(ids));
  const panel = new AlertsPanel<AlertEvidence>({
    zone: readTimeZone(element.dataset["zone"] ?? "UTC") ?? UTC,
    detail: async (id) => (await answerOf(new URL(`${id}.json`, folder))) as AlertEvidence,
    exports: [
      {
        title: "CSV",
        run: (ids) => {
          const chosen = chosenOf(ids);
          download("tocsin-alerts.csv", listCsv(list, chosen === null ? list.alerts : list.alerts.filter(({ id }) => chosen.has(id))));
        },
      },
      {
        title: "NDJSON",
        run: (ids) => {
          say("");
          linesOf(new URL("alerts.ndjson", folder), chosenOf(ids)).then(
            (blob) => download("tocsin-alerts.ndjson", blob),
            (error: unknown) => say(String(error)),
          );
        },
      },
    ],
    guide: (alert, act) =>
      guideLinks(alert, act, { root: new URL(".", address("root")), packages, pageOf: (rule) => list.rules.get(rule)?.page ?? null }),
    onTune: null,
    onAddress: (query) => history.replaceState(null, "", `${location.pathname}${query === "" ? "" : `?${query}`}`),
  });
  panel.show(list, stateOf(location.search));
  replace(element, panel.element);
  panel.placed();
  addEventListener("popstate", () => panel.show(list, stateOf(location.search)));
}

async function answerOf(url: URL): Promise<unknown> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url.pathname} is not there (${response.status})`);
  return response.json();
}
