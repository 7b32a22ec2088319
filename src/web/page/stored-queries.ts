import { plural } from "../../report/index.ts";
import { h, replace } from "../dom.ts";
import { logText } from "../log-text.ts";
import type { StoredQuery } from "../protocol.ts";
import type { QueryStore } from "./query-store.ts";

/** So many characters of a query name it in a list. */
const NAME_LENGTH = 100;

/** The lists of saved and recent queries, closed until somebody opens them. */
export class StoredQueries {
  readonly element = h("details", { class: "stored-queries" });
  readonly #store: QueryStore;
  readonly #languages: { readonly [name: string]: string };
  readonly #onChoose: (query: StoredQuery) => void;

  /** @param languages titles by name */
  constructor(store: QueryStore, languages: { readonly [name: string]: string }, onChoose: (query: StoredQuery) => void) {
    this.#store = store;
    this.#languages = languages;
    this.#onChoose = onChoose;
    this.draw();
  }

  draw(): void {
    const { saved, recent } = this.#store;
    const others = recent.filter((query) => !this.#store.isSaved(query));
    this.element.hidden = saved.length + others.length === 0;
    replace(
      this.element,
      h("summary", {}, `${plural(saved.length, "saved query", "saved queries")}, ${others.length} recent`),
      this.#list("Saved", saved),
      this.#list("Recent", others),
    );
  }

  #list(title: string, queries: readonly StoredQuery[]): HTMLElement | null {
    if (queries.length === 0) return null;
    return h(
      "section",
      { "aria-label": `${title} queries` },
      h("h5", {}, title),
      h(
        "ul",
        { class: "plain" },
        queries.map((query) => {
          const name = query.text.replaceAll(/\s+/g, " ").trim();
          return h(
            "li",
            {},
            h(
              "button",
              { type: "button", class: "stored-query", onclick: () => this.#choose(query) },
              h("span", { class: "tag" }, this.#languages[query.language] ?? query.language),
              " ",
              h("code", {}, logText(name, NAME_LENGTH)),
            ),
            h(
              "button",
              { type: "button", class: "quiet", "aria-label": `× forget ${name.slice(0, 60)}`, onclick: () => this.#forget(query) },
              "×",
            ),
          );
        }),
      ),
    );
  }

  #choose(query: StoredQuery): void {
    this.element.open = false;
    this.#onChoose(query);
  }

  #forget(query: StoredQuery): void {
    this.#store.forget(query);
    this.draw();
  }
}
