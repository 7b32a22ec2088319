/** Elements by function. Text is only ever set as text: nothing in this room writes HTML. */

type Child = Node | string | number | null | false | undefined | readonly Child[];
type Listener = (event: never) => void;
interface Props {
  readonly [name: string]: string | number | boolean | null | undefined | Listener;
}

/**
 * `h("button", { type: "button", onclick: go }, "Go")`. Names that begin with `on` are listeners, true is an attribute without a value,
 * false and null leave it out, the rest are attributes.
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  assign(element, props);
  append(element, children);
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, tag);
  assign(element, props);
  append(element, children);
  return element;
}

function assign(element: Element, props: Props): void {
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value as EventListener);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
}

function append(element: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child === null || child === false || child === undefined) continue;
    if (child instanceof Node || typeof child === "string") element.append(child);
    else if (typeof child === "number") element.append(String(child));
    else append(element, child);
  }
}

export function replace(element: Element, ...children: readonly Child[]): void {
  element.replaceChildren();
  append(element, children);
}
