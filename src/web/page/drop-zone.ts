import { h } from "../dom.ts";
import { chosenFiles, droppedFiles, type Dropped } from "./dropped.ts";

/** Where files come in: dropped, chosen one by one, or as a folder. */
export function dropZone(options: {
  /** What can be read, as a list. */ readonly formats: string;
  readonly onFiles: (dropped: Dropped) => void;
  /** How many proof cases the packages have, to try the rules on. */
  readonly cases: number;
  readonly onSample: () => void;
}): { readonly element: HTMLElement } {
  const files = h("input", { type: "file", multiple: true, class: "hidden-input", tabindex: -1, "aria-hidden": "true" });
  const folder = h("input", { type: "file", webkitdirectory: true, class: "hidden-input", tabindex: -1, "aria-hidden": "true" });
  for (const input of [files, folder]) {
    input.addEventListener("change", () => {
      if (input.files !== null && input.files.length > 0) options.onFiles(chosenFiles(input.files));
      // So that the same file can be chosen again.
      input.value = "";
    });
  }
  const sample = h(
    "button",
    { type: "button", class: "quiet", hidden: options.cases === 0, onclick: options.onSample },
    `Try it on the ${options.cases} proof cases`,
  );
  const element = h(
    "div",
    { class: "drop-zone" },
    h("p", { class: "drop-title" }, "Drop logs here: files, folders, archives. Rules, too"),
    h(
      "p",
      { class: "drop-buttons" },
      h("button", { type: "button", class: "primary", onclick: () => files.click() }, "Choose files"),
      " ",
      h("button", { type: "button", onclick: () => folder.click() }, "Choose a folder"),
      " ",
      sample,
    ),
    h(
      "p",
      { class: "soft" },
      `Logs: ${options.formats}. Rules: Sigma, Elastic's (TOML, NDJSON), EQL, whole packages. `,
      h("strong", {}, "Nothing is uploaded"),
      ": the files are read in this page, and its Content-Security-Policy forbids it every connection.",
    ),
    files,
    folder,
  );
  let depth = 0;
  element.addEventListener("dragenter", (event) => {
    event.preventDefault();
    depth++;
    element.classList.add("over");
  });
  element.addEventListener("dragover", (event) => event.preventDefault());
  element.addEventListener("dragleave", () => {
    if (--depth <= 0) element.classList.remove("over");
  });
  element.addEventListener("drop", (event) => {
    event.preventDefault();
    depth = 0;
    element.classList.remove("over");
    if (event.dataTransfer !== null) void droppedFiles(event.dataTransfer).then(options.onFiles);
  });
  return { element };
}
