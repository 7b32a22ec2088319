/** A long list as a tree of which only the lines in sight are in the page. Arrow keys, J and K move; the lines are as high as each other. */
import { h, replace } from "../../dom.ts";

export interface TreeItem {
  /** Unique and stable. */
  readonly key: string;
  readonly level: number;
  /** Null for a line that has nothing below it. */
  readonly isOpen: boolean | null;
  readonly isMarked: boolean;
}

export interface TreeOptions<T extends TreeItem> {
  readonly label: string;
  readonly render: (item: T) => { readonly class: string; readonly cells: readonly Node[] };
  /** Enter, or a click on the line. */
  readonly onOpen: (item: T) => void;
  /** The line's triangle, or the arrow keys. */
  readonly onToggle: (item: T, open: boolean) => void;
  readonly onMark: (item: T) => void;
  /** Any other key that the tree was given. */
  readonly onKey: (key: string) => void;
}

/** Lines above and below those in sight. */
const SPARE = 8;

export class Tree<T extends TreeItem> {
  readonly element: HTMLElement;
  readonly #options: TreeOptions<T>;
  readonly #sizer = h("div", { class: "tree-lines", role: "presentation" });
  #items: readonly T[] = [];
  #places = new Map<string, number>();
  #cursor: string | null = null;
  #open: string | null = null;
  #drawn = { from: -1, to: -1 };
  #height = 0;

  constructor(options: TreeOptions<T>) {
    this.#options = options;
    this.element = h(
      "div",
      {
        class: "tree",
        role: "tree",
        tabindex: 0,
        "aria-label": options.label,
        "aria-multiselectable": "true",
        onkeydown: (event: KeyboardEvent) => this.#key(event),
        onclick: (event: MouseEvent) => this.#click(event),
        onscroll: () => this.#draw(),
      },
      this.#sizer,
    );
    if (typeof ResizeObserver !== "undefined") new ResizeObserver(() => this.#measure()).observe(this.element);
  }

  /** @param open the key of the line whose details are shown. */
  show(items: readonly T[], open: string | null): void {
    this.#items = items;
    this.#open = open;
    this.#places = new Map(items.map(({ key }, i) => [key, i]));
    if (this.#cursor === null || !this.#places.has(this.#cursor))
      this.#cursor = items.find(({ key }) => key === open)?.key ?? items[0]?.key ?? null;
    this.#drawn = { from: -1, to: -1 };
    this.#measure();
  }

  get cursor(): T | null {
    return this.#cursor === null ? null : (this.#items[this.#places.get(this.#cursor) ?? -1] ?? null);
  }

  /** Moves to a line and brings it into sight. */
  moveTo(key: string): void {
    const at = this.#places.get(key);
    if (at === undefined) return;
    this.#cursor = key;
    const top = at * this.#height;
    const { scrollTop, clientHeight } = this.element;
    if (top < scrollTop) this.element.scrollTop = top;
    else if (top + this.#height > scrollTop + clientHeight) this.element.scrollTop = top + this.#height - clientHeight;
    this.#drawn = { from: -1, to: -1 };
    this.#draw();
  }

  #measure(): void {
    const probe = h("div", { class: "tree-line", "aria-hidden": "true" });
    this.#sizer.append(probe);
    const height = probe.offsetHeight || 34;
    probe.remove();
    this.#height = height;
    // Set through the object model, which the pages' policy allows; an attribute it would not.
    this.#sizer.style.height = `${this.#items.length * height}px`;
    this.#drawn = { from: -1, to: -1 };
    this.#draw();
  }

  #draw(): void {
    const { scrollTop, clientHeight } = this.element;
    const from = Math.max(0, Math.floor(scrollTop / this.#height) - SPARE);
    const to = Math.min(this.#items.length, Math.ceil((scrollTop + (clientHeight || 600)) / this.#height) + SPARE);
    if (from === this.#drawn.from && to === this.#drawn.to) return;
    this.#drawn = { from, to };
    replace(
      this.#sizer,
      this.#items.slice(from, to).map((item, i) => this.#line(item, from + i)),
    );
    const cursor = this.#cursor === null ? undefined : this.#places.get(this.#cursor);
    if (cursor !== undefined && cursor >= from && cursor < to) this.element.setAttribute("aria-activedescendant", `${PREFIX}${cursor}`);
    else this.element.removeAttribute("aria-activedescendant");
  }

  #line(item: T, at: number): HTMLElement {
    const { class: name, cells } = this.#options.render(item);
    const isCursor = item.key === this.#cursor;
    const line = h(
      "div",
      {
        id: `${PREFIX}${at}`,
        class: `tree-line ${name} level-${item.level}${isCursor ? " cursor" : ""}${item.key === this.#open ? " current" : ""}${item.isMarked ? " marked" : ""}`,
        role: "treeitem",
        "aria-level": item.level,
        "aria-selected": String(item.isMarked),
        "aria-expanded": item.isOpen === null ? null : String(item.isOpen),
        "data-at": at,
      },
      h("span", { class: "mark-box", "aria-hidden": "true", "data-part": "mark" }, item.isMarked ? "✓" : ""),
      h("span", { class: "twisty", "aria-hidden": "true", "data-part": "twisty" }, item.isOpen === null ? "" : item.isOpen ? "▾" : "▸"),
      cells,
    );
    line.style.transform = `translateY(${at * this.#height}px)`;
    return line;
  }

  #click({ target }: MouseEvent): void {
    const element = target instanceof Element ? target : null;
    const line = element?.closest<HTMLElement>(".tree-line");
    const item = this.#items[Number(line?.dataset["at"] ?? -1)];
    if (item === undefined) return;
    this.#cursor = item.key;
    const part = element?.closest<HTMLElement>("[data-part]")?.dataset["part"];
    if (part === "mark") this.#options.onMark(item);
    else if (part === "twisty" && item.isOpen !== null) this.#options.onToggle(item, !item.isOpen);
    else this.#options.onOpen(item);
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = this.#cursor === null ? -1 : (this.#places.get(this.#cursor) ?? -1);
    const item = this.#items[at];
    const page = Math.max(1, Math.floor(this.element.clientHeight / this.#height) - 1);
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const to = {
      j: at + 1,
      ArrowDown: at + 1,
      k: at - 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: this.#items.length - 1,
    }[key];
    if (to !== undefined) {
      const next = this.#items[Math.min(this.#items.length - 1, Math.max(0, to))];
      if (next !== undefined) this.moveTo(next.key);
    } else if (item !== undefined && key === "Enter") this.#options.onOpen(item);
    else if (item !== undefined && (key === "x" || key === " ")) this.#options.onMark(item);
    else if (item !== undefined && key === "ArrowRight") {
      if (item.isOpen === false) this.#options.onToggle(item, true);
    } else if (item !== undefined && key === "ArrowLeft") {
      if (item.isOpen === true) this.#options.onToggle(item, false);
      else
        for (let i = at - 1; i >= 0; i--)
          if (this.#items[i]!.level < item.level) {
            this.moveTo(this.#items[i]!.key);
            break;
          }
    } else if (key === "e" || key === "Escape") this.#options.onKey(key);
    else return;
    event.preventDefault();
  }
}

const PREFIX = "tree-line-";
