/**
 * The query on the reader's platform. A platform's page holds the text of every rule there; the one that is chosen is taken out of it.
 * Where a page cannot be read (a site opened from a disk), the links lead to it.
 */
import { copyButtons } from "./copy.ts";
import { remember, remembered } from "./storage.ts";

const KEY = "tocsin.platform";

export function getQuery(): void {
  const part = document.querySelector<HTMLElement>(".get-query");
  const shown = part?.querySelector<HTMLElement>(".chosen-query");
  const select = part?.querySelector<HTMLSelectElement>("select");
  if (part === null || shown === null || shown === undefined || select === null || select === undefined) return;
  if (location.protocol === "file:") return;
  const links = [...part.querySelectorAll<HTMLAnchorElement>("a[data-platform]")];
  const pages = new Map<string, Promise<Document>>();
  let chosen = links[0]!;
  part.querySelector<HTMLElement>(".rule-choice")!.hidden = false;

  const show = async (): Promise<void> => {
    const [link, rule] = [chosen, select.value];
    for (const other of links) {
      if (other === link) other.setAttribute("aria-current", "true");
      else other.removeAttribute("aria-current");
    }
    shown.setAttribute("aria-busy", "true");
    try {
      let page = pages.get(link.href);
      if (page === undefined) {
        page = read(link.href);
        pages.set(link.href, page);
      }
      const text = (await page).querySelector(`.rule-text[data-rule="${CSS.escape(rule)}"]`);
      // Something else was chosen meanwhile.
      if (link !== chosen || rule !== select.value) return;
      if (text === null) throw new Error("the rule is not there");
      const copy = document.importNode(text, true);
      for (const inner of copy.querySelectorAll("a[href]"))
        inner.setAttribute("href", new URL(inner.getAttribute("href")!, link.href).href);
      shown.replaceChildren(copy);
      copyButtons(shown);
    } catch {
      pages.delete(link.href);
      if (link === chosen) location.href = link.href;
    } finally {
      shown.removeAttribute("aria-busy");
    }
  };

  for (const link of links)
    link.addEventListener("click", (event) => {
      // With a key held the reader wants the page itself.
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      chosen = link;
      remember(KEY, link.dataset["platform"]);
      void show();
    });
  select.addEventListener("change", () => void show());

  const before = remembered(KEY);
  const known = links.find((link) => link.dataset["platform"] === before);
  if (known !== undefined && known !== chosen) {
    chosen = known;
    const folded = known.closest("details");
    if (folded !== null) folded.open = true;
    void show();
  }
}

async function read(address: string): Promise<Document> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(String(response.status));
  return new DOMParser().parseFromString(await response.text(), "text/html");
}
