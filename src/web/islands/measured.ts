import { copyButtons } from "./copy.ts";
import { filters } from "./filters.ts";

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 15_000;

/** Parts of a served page that are still measured: the page is asked for again until they are there. */
export function measured(): void {
  if (document.querySelector("[data-pending]") === null || location.protocol === "file:") return;
  let wait = FIRST_WAIT;
  const look = async (): Promise<void> => {
    try {
      const response = await fetch(location.href, { cache: "no-store" });
      const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
      for (const pending of document.querySelectorAll("[data-pending]")) {
        const ready = fresh.getElementById(pending.id);
        if (ready === null || ready.hasAttribute("data-pending")) continue;
        const here = document.importNode(ready, true);
        pending.replaceWith(here);
        filters(here);
        copyButtons(here);
      }
    } catch {
      // Asked again below.
    }
    if (document.querySelector("[data-pending]") === null) return;
    wait = Math.min(wait * 1.5, LONGEST_WAIT);
    setTimeout(() => void look(), wait);
  };
  setTimeout(() => void look(), wait);
}
