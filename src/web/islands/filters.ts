/** Tables with a search and facets above them. */
export function filters(root: ParentNode = document): void {
  for (const part of root.querySelectorAll<HTMLElement>(".filtered")) filtered(part);
}

function filtered(part: HTMLElement): void {
  const bar = part.querySelector<HTMLElement>(".filters");
  if (bar === null) return;
  bar.hidden = false;
  const search = bar.querySelector<HTMLInputElement>("input[type=search]");
  const facets = [...bar.querySelectorAll<HTMLSelectElement>("select[data-facet]")];
  const count = bar.querySelector("output");
  const rows = [...part.querySelectorAll<HTMLTableRowElement>("tbody > tr")].map((row) => ({
    row,
    text: `${row.textContent} ${row.dataset["text"] ?? ""}`.toLowerCase(),
  }));
  const apply = (): void => {
    const words = (search?.value ?? "")
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== "");
    const chosen = facets.filter((facet) => facet.value !== "").map((facet) => [facet.dataset["facet"]!, facet.value] as const);
    let shown = 0;
    for (const { row, text } of rows) {
      const fits =
        words.every((word) => text.includes(word)) && chosen.every(([name, value]) => (row.dataset[name] ?? "").split(" ").includes(value));
      row.hidden = !fits;
      if (fits) shown++;
    }
    if (count !== null) count.textContent = shown === rows.length ? `${rows.length}` : `${shown} of ${rows.length}`;
  };
  bar.addEventListener("input", apply);
  apply();
}
