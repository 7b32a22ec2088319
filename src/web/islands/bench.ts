/** The bench (`run-here.js`) is loaded when somebody wants it: by its button, or when files are dragged onto the page. */
export function bench(): void {
  const place = document.getElementById("run-here");
  const button = place?.querySelector<HTMLButtonElement>("button.open-bench");
  if (place === null || button === null || button === undefined) return;
  let loading = false;
  const load = (): void => {
    if (loading) return;
    loading = true;
    button.disabled = true;
    const script = document.createElement("script");
    script.type = "module";
    script.src = `${document.body.dataset["assets"] ?? ""}run-here.js`;
    script.addEventListener("load", () => {
      button.hidden = true;
    });
    script.addEventListener("error", () => {
      loading = false;
      button.disabled = false;
      const note = document.createElement("p");
      note.className = "soft";
      note.textContent =
        location.protocol === "file:"
          ? "Browsers do not load this part from a disk. Serve the folder (tocsin serve, or any web server), or use tocsin hunt FOLDER."
          : "The bench could not be loaded.";
      if (button.nextElementSibling?.classList.contains("soft") !== true) button.after(note);
    });
    document.head.append(script);
  };
  button.hidden = false;
  button.addEventListener("click", load);
  addEventListener("dragenter", load);
  // What is dropped elsewhere must not make the browser leave the page.
  for (const type of ["dragover", "drop"]) addEventListener(type, (event) => event.preventDefault());
  const wanted = (): void => {
    if (location.hash === "#run-here") load();
  };
  addEventListener("hashchange", wanted);
  wanted();
  if (place.dataset["open"] !== undefined) load();
}
