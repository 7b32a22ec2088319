/** A link into a closed disclosure opens it, and those around it. */
export function openTarget(): void {
  const open = (): void => {
    const id = decodeURIComponent(location.hash.slice(1));
    const target = id === "" ? null : document.getElementById(id);
    if (target === null) return;
    let opened = false;
    for (let at: Element | null = target; at !== null; at = at.parentElement) {
      if (!(at instanceof HTMLDetailsElement) || at.open) continue;
      at.open = true;
      opened = true;
    }
    if (opened) target.scrollIntoView();
  };
  addEventListener("hashchange", open);
  // The address of a link followed a second time does not change.
  addEventListener("click", ({ target }) => {
    const link = target instanceof Element ? target.closest<HTMLAnchorElement>("a[href]") : null;
    if (link !== null && link.hash !== "" && link.href === location.href) open();
  });
  open();
}
