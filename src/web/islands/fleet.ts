import { remember, remembered } from "./storage.ts";

/**
 * Tick what you collect, see what is blind. A rule's row names for each of its stages the events that satisfy it, as `source=event`;
 * it sees when every stage has one whose source and event are both ticked.
 */
export function fleet(): void {
  const part = document.querySelector<HTMLElement>(".fleet");
  if (part === null) return;
  for (const hidden of part.querySelectorAll<HTMLElement>(".script-only")) hidden.hidden = false;
  const verdict = part.querySelector<HTMLElement>(".verdict");
  const rows = [...part.querySelectorAll<HTMLTableRowElement>("tr[data-stages]")].map((row) => ({
    row,
    cell: row.querySelector<HTMLElement>(".sees"),
    stages: row.dataset["stages"]!.split("|").map((stage) =>
      stage === "" ? [] : stage.split(";").map((need) => need.split("=") as [string, string]),
    ),
  }));
  const tests = [...part.querySelectorAll<HTMLElement>("li[data-seen]")].map((item) => ({
    item,
    word: item.querySelector<HTMLElement>(".sees"),
    cells: item.dataset["seen"]!.split(";").flatMap((cell) => {
      const [telemetry, rules] = cell.split("=");
      return rules === undefined ? [] : [{ telemetry: telemetry!.split("+"), rules: rules.split(" ") }];
    }),
  }));
  const ticks = [...part.querySelectorAll<HTMLInputElement>("input[type=checkbox]")];
  const key = "tocsin.fleet";
  const nameOf = (tick: HTMLInputElement): string => tick.dataset["source"] ?? `event ${tick.dataset["event"] ?? ""}`;
  const stored = remembered(key);
  if (typeof stored === "object" && stored !== null)
    for (const tick of ticks) tick.checked = (stored as { readonly [name: string]: boolean | undefined })[nameOf(tick)] ?? tick.checked;
  const apply = (): void => {
    const sources = new Set(
      ticks.filter((tick) => tick.checked && tick.dataset["source"] !== undefined).map((tick) => tick.dataset["source"]),
    );
    const off = new Set(ticks.filter((tick) => !tick.checked && tick.dataset["event"] !== undefined).map((tick) => tick.dataset["event"]));
    let blind = 0;
    const seeing = new Set<string>();
    for (const { row, cell, stages } of rows) {
      const missing = stages.findIndex((stage) => !stage.some(([source, event]) => sources.has(source) && !off.has(event)));
      row.classList.toggle("is-blind", missing >= 0);
      if (cell !== null) {
        cell.textContent = missing < 0 ? "can fire" : stages.length > 1 ? `cannot fire: stage ${missing + 1}` : "cannot fire";
        cell.className = `sees ${missing < 0 ? "good" : "high"}`;
      }
      if (missing >= 0) blind++;
      else seeing.add(row.dataset["rule"] ?? "");
    }
    const collected = new Set([...sources].map((source) => telemetryOf(source ?? "")));
    let unseen = 0;
    for (const { item, word, cells } of tests) {
      const seen = cells.some(
        ({ telemetry, rules }) => telemetry.every((one) => collected.has(one)) && rules.some((rule) => seeing.has(rule)),
      );
      item.classList.toggle("is-blind", !seen);
      if (word !== null) {
        word.textContent = seen ? "detected" : "missed";
        word.className = `sees ${seen ? "good" : "high"}`;
      }
      if (!seen) unseen++;
    }
    if (verdict !== null)
      verdict.textContent = `${blind === 0 ? `All ${rows.length} rules can fire` : `${blind} of ${rows.length} rules cannot fire with these logs`}; ${
        unseen === 0 ? `all ${tests.length} attacks would be detected.` : `${unseen} of ${tests.length} attacks would not be detected.`
      }`;
    remember(key, Object.fromEntries(ticks.map((tick) => [nameOf(tick), tick.checked])));
  };
  part.addEventListener("change", apply);
  apply();
}

/** The kind of telemetry a source ships, as the packages' cases name it: `winlogbeat.sysmon` -> `sysmon`, `endpoint.process` -> `defend`. */
function telemetryOf(source: string): string {
  const [family, name = ""] = source.split(".");
  return family === "endpoint" ? "defend" : name.replace(/_operational$/, "");
}
