/** As much of a document as the page's parts are made of, so that what they show can be read without a browser. */

class TextNode {
  readonly textContent: string;
  constructor(text: string) {
    this.textContent = text;
  }
}

class ElementNode extends TextNode {
  readonly children: TextNode[] = [];
  readonly attributes = new Map<string, string>();
  hidden = false;
  readonly style: Record<string, string> = {};
  readonly dataset: Record<string, string> = {};
  readonly classList = { toggle: () => false };
  readonly options: readonly ElementNode[] = [];
  value = "";
  scrollTop = 0;
  readonly clientHeight = 0;
  readonly clientWidth = 0;
  readonly offsetHeight = 0;
  constructor() {
    super("");
    Object.defineProperty(this, "textContent", {
      get: () => this.children.map((child) => child.textContent).join(""),
      set: (text: string) => {
        this.replaceChildren(text);
      },
    });
  }
  append(...children: readonly (TextNode | string)[]): void {
    for (const child of children) this.children.push(typeof child === "string" ? new TextNode(child) : child);
  }
  replaceChildren(...children: readonly (TextNode | string)[]): void {
    this.children.length = 0;
    this.append(...children);
  }
  setAttribute(name: string, value: string): void {
    this.attributes.set(name, value);
  }
  getAttribute(name: string): string | null {
    return this.attributes.get(name) ?? null;
  }
  addEventListener(): void {}
  removeAttribute(name: string): void {
    this.attributes.delete(name);
  }
  remove(): void {}
  hasChildNodes(): boolean {
    return this.children.length > 0;
  }
}

class TableSection extends ElementNode {}

/** Stands in for a browser until `uninstall` is called. */
export function installDom(): { readonly uninstall: () => void } {
  const before = Object.getOwnPropertyDescriptors(globalThis);
  const document = {
    createElement: (tag: string) => (tag === "tbody" ? new TableSection() : new ElementNode()),
    createElementNS: () => new ElementNode(),
    createDocumentFragment: () => new ElementNode(),
  };
  const globals = { document, Node: TextNode, HTMLTableSectionElement: TableSection };
  Object.assign(globalThis, globals);
  return {
    uninstall: () => {
      for (const name of Object.keys(globals)) {
        const old = before[name as keyof typeof before];
        if (old === undefined) Reflect.deleteProperty(globalThis, name);
        else Object.defineProperty(globalThis, name, old);
      }
    },
  };
}
