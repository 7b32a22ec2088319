/** Search over everything that has a page: by the button in the bar, or Ctrl-K. Its index is loaded when it is opened. */
import { h, replace } from "../dom.ts";

type Entry = readonly [kind: string, title: string, path: string, words: string];

const MOST = 20;

export function search(): void {
  const buttons = [...document.querySelectorAll<HTMLButtonElement>("button.open-search")];
  if (buttons.length === 0) return;
  let dialog: SearchDialog | null = null;
  const open = (): void => {
    dialog ??= new SearchDialog(document.body.dataset["base"] ?? "./");
    dialog.open();
  };
  for (const button of buttons) {
    button.hidden = false;
    button.addEventListener("click", open);
  }
  addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    open();
  });
}

class SearchDialog {
  readonly #base: string;
  readonly #input = h("input", {
    type: "search",
    role: "combobox",
    "aria-label": "Search rules, fields, event ids, techniques",
    placeholder: "Rules, fields, event ids, techniques",
    "aria-expanded": "false",
    "aria-controls": "search-results",
    "aria-autocomplete": "list",
    autocomplete: "off",
    spellcheck: "false",
  });
  readonly #list = h("ul", { id: "search-results", role: "listbox", "aria-label": "Results" });
  readonly #status = h("p", { class: "soft", role: "status" });
  readonly #dialog = h("dialog", { class: "search", "aria-label": "Search" }, this.#input, this.#list, this.#status);
  #entries: readonly Entry[] | null = null;
  #chosen = -1;

  constructor(base: string) {
    this.#base = base;
    this.#input.addEventListener("input", () => this.#show());
    this.#input.addEventListener("keydown", (event) => this.#key(event));
    // Outside of its content is the backdrop.
    this.#dialog.addEventListener("click", (event) => {
      if (event.target === this.#dialog) this.#dialog.close();
    });
    document.body.append(this.#dialog);
  }

  open(): void {
    if (!this.#dialog.open) this.#dialog.showModal();
    this.#input.select();
    if (this.#entries === null) this.#load();
    else this.#show();
  }

  #load(): void {
    this.#status.textContent = "Loading …";
    const script = h("script", { src: `${this.#base}data/search.js` });
    script.addEventListener("load", () => {
      this.#entries = (globalThis as { tocsinSearch?: readonly Entry[] }).tocsinSearch ?? [];
      this.#show();
    });
    script.addEventListener("error", () => {
      script.remove();
      this.#status.textContent = "The search could not be loaded.";
    });
    document.head.append(script);
  }

  #show(): void {
    if (this.#entries === null) return;
    const words = this.#input.value
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== "");
    const found = words.length === 0 ? [] : matching(this.#entries, words);
    const shown = found.slice(0, MOST);
    replace(
      this.#list,
      shown.map(([kind, title, path], i) =>
        h(
          "li",
          { role: "option", id: `search-${i}`, "aria-selected": "false", onclick: () => this.#go(path) },
          h("span", { class: "kind" }, kind),
          " ",
          h("span", {}, title),
        ),
      ),
    );
    this.#input.setAttribute("aria-expanded", String(shown.length > 0));
    this.#choose(shown.length > 0 ? 0 : -1);
    this.#status.textContent =
      words.length === 0
        ? "A name, a field such as process.command_line, an event id such as 5145, a technique."
        : found.length === 0
          ? "Nothing has all of these words."
          : found.length > MOST
            ? `The first ${MOST} of ${found.length}.`
            : `${found.length} found.`;
  }

  #key(event: KeyboardEvent): void {
    const last = this.#list.childElementCount - 1;
    if (event.key === "ArrowDown") this.#choose(Math.min(this.#chosen + 1, last));
    else if (event.key === "ArrowUp") this.#choose(Math.max(this.#chosen - 1, Math.min(0, last)));
    else if (event.key === "Enter") {
      (this.#list.children[this.#chosen] as HTMLElement | undefined)?.click();
    } else return;
    event.preventDefault();
  }

  #choose(at: number): void {
    this.#list.children[this.#chosen]?.setAttribute("aria-selected", "false");
    this.#chosen = at;
    const option = this.#list.children[at];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option === undefined) this.#input.removeAttribute("aria-activedescendant");
    else this.#input.setAttribute("aria-activedescendant", option.id);
  }

  #go(path: string): void {
    this.#dialog.close();
    location.href = this.#address(path);
  }

  #address(path: string): string {
    const [page, hash] = path.split("#") as [string, string | undefined];
    const isWritten = document.querySelector<HTMLAnchorElement>("a.name")?.getAttribute("href")?.endsWith("index.html") === true;
    return `${this.#base}${isWritten ? `${page}index.html` : page}${hash === undefined ? "" : `#${hash}`}`;
  }
}

/** Entries that have every word, those that have them in the title, or begin with the first, before others. */
export function matching(entries: readonly Entry[], words: readonly string[]): Entry[] {
  const scored: { entry: Entry; score: number }[] = [];
  for (const entry of entries) {
    const title = entry[1].toLowerCase();
    const whole = `${title} ${entry[0]} ${entry[3].toLowerCase()}`;
    if (!words.every((word) => whole.includes(word))) continue;
    const inTitle = words.filter((word) => title.includes(word)).length;
    const asWord = words.filter((word) => title.split(/[^\p{L}\p{N}.]+/u).includes(word)).length;
    scored.push({ entry, score: 4 * inTitle + 2 * asWord + (title.startsWith(words[0]!) ? 1 : 0) });
  }
  return scored.sort((a, b) => b.score - a.score).map(({ entry }) => entry);
}
