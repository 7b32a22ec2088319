import { h } from "../dom.ts";

export interface Tab {
  readonly id: string;
  readonly title: string;
  readonly panel: HTMLElement;
  /** Called when it is shown for the first time. */
  readonly onFirst?: () => void;
}

/** Tabs as ARIA describes them: arrow keys move, Home and End jump, one tab stop. */
export function tabs(label: string, list: readonly Tab[]): { readonly element: HTMLElement; readonly show: (id: string) => void } {
  const shown = new Set<string>();
  const buttons = list.map((tab) =>
    h(
      "button",
      {
        type: "button",
        role: "tab",
        id: `bench-tab-${tab.id}`,
        "aria-controls": `bench-panel-${tab.id}`,
        onclick: () => show(tab.id),
        onkeydown: (event: KeyboardEvent) => move(event, tab.id),
      },
      tab.title,
    ),
  );
  for (const tab of list) {
    tab.panel.id = `bench-panel-${tab.id}`;
    tab.panel.setAttribute("role", "tabpanel");
    tab.panel.setAttribute("aria-labelledby", `bench-tab-${tab.id}`);
  }
  function show(id: string): void {
    list.forEach((tab, i) => {
      const current = tab.id === id;
      buttons[i]!.setAttribute("aria-selected", String(current));
      buttons[i]!.tabIndex = current ? 0 : -1;
      tab.panel.hidden = !current;
      if (current && !shown.has(id)) {
        shown.add(id);
        tab.onFirst?.();
      }
    });
  }
  function move(event: KeyboardEvent, id: string): void {
    const at = list.findIndex((tab) => tab.id === id);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1 + list.length, Home: 0, End: list.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const to = next % list.length;
    show(list[to]!.id);
    buttons[to]!.focus();
  }
  const element = h(
    "div",
    { class: "bench-tabs" },
    h("div", { role: "tablist", "aria-label": label }, buttons),
    list.map((tab) => tab.panel),
  );
  show(list[0]!.id);
  return { element, show };
}
