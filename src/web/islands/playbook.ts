/** The playbook's ticks: kept in this browser, copied as Markdown. */
import { copyText } from "./copy.ts";
import { remember, remembered } from "./storage.ts";

export function playbook(): void {
  for (const part of document.querySelectorAll<HTMLElement>("[data-playbook]"))
    checklist(part, `tocsin.playbook.${part.dataset["playbook"]!}`);
}

function checklist(part: HTMLElement, key: string): void {
  const boxes = [...part.querySelectorAll<HTMLInputElement>("input[data-markdown]")];
  const tools = part.querySelector<HTMLElement>(".tools");
  const progress = part.querySelector<HTMLElement>(".progress");
  if (tools === null || boxes.length === 0) return;
  tools.hidden = false;
  // A step is known by its words: when the playbook changes, ticks of other steps stay.
  const stored = remembered(key);
  const ticked = new Set(Array.isArray(stored) ? stored : []);
  for (const box of boxes) box.checked = ticked.has(box.dataset["markdown"]!);
  const show = (): void => {
    if (progress !== null) progress.textContent = `${boxes.filter((box) => box.checked).length} of ${boxes.length} done`;
  };
  const keep = (): void => {
    remember(
      key,
      boxes.filter((box) => box.checked).map((box) => box.dataset["markdown"]!),
    );
    show();
  };
  part.addEventListener("change", keep);
  tools.addEventListener("click", async (event) => {
    const button = event.target instanceof HTMLButtonElement ? event.target : null;
    if (button?.dataset["action"] === "clear") {
      for (const box of boxes) box.checked = false;
      keep();
    } else if (button?.dataset["action"] === "copy") {
      const copied = await copyText(markdownOf(part), part);
      if (progress !== null) progress.textContent = copied ? "Copied" : "Selected: copy it with the keyboard";
    }
  });
  show();
}

/** Headings and steps with their ticks, in the order of the page. */
export function markdownOf(part: HTMLElement): string {
  const lines: string[] = [];
  for (const element of part.querySelectorAll<HTMLElement>("h2, h3, input[data-markdown]")) {
    if (element instanceof HTMLInputElement) {
      const [first, ...rest] = element.dataset["markdown"]!.split("\n");
      lines.push(`- [${element.checked ? "x" : " "}] ${first}`, ...rest.map((line) => `  ${line.trim()}`));
    } else {
      const text = [...element.childNodes].filter((node) => !(node instanceof HTMLElement && node.classList.contains("anchor")));
      lines.push(
        "",
        `${element.tagName === "H2" ? "#" : "##"} ${text
          .map((node) => node.textContent)
          .join("")
          .trim()}`,
        "",
      );
    }
  }
  return `${lines.join("\n").trim()}\n`;
}
