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
  open();
}
