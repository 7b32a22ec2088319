import { cut, eventView } from "../../report/index.ts";
import { jsonText, type Observed } from "../../workbench/index.ts";
import type { EventDetail } from "../protocol.ts";

/** Characters of one value in the JSON, which is there to be copied, and of the whole. */
const MAX_VALUE = 20_000;
const MAX_JSON = 300_000;

/** An event as the page shows it: bounded, whatever the log held. */
export function eventDetail(observed: Observed): EventDetail {
  return { ...eventView(observed), ...jsonView(observed.event) };
}

/** JSON with long values cut; 64-bit integers stay whole. */
export function jsonView(event: unknown): { readonly json: string; readonly cut: boolean } {
  let wasCut = false;
  const json = jsonText(event, 2, (text) => {
    if (text.length <= MAX_VALUE) return text;
    wasCut = true;
    return cut(text, MAX_VALUE);
  });
  return json.length <= MAX_JSON ? { json, cut: wasCut } : { json: cut(json, MAX_JSON), cut: true };
}
