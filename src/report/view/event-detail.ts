import { jsonText, type Alert, type Observed } from "../../workbench/index.ts";
import { cut } from "../format.ts";
import { alertDetail, type AlertDetail } from "./alert.ts";
import { eventView, type EventView } from "./event.ts";

export interface EventDetail extends EventView {
  /** Indented, with long values cut; `cut` says that some were. */
  readonly json: string;
  readonly cut: boolean;
}

/** What stands behind an alert, with its events; null stands for one that had to be absent. */
export interface AlertEvidence extends AlertDetail {
  readonly events: readonly (EventDetail | null)[];
}

/** Events of an alert that are shown; a threshold may have thousands. */
const MAX_EVENTS = 200;

export function alertEvidence(alert: Alert): AlertEvidence {
  return {
    ...alertDetail(alert),
    events: alert.events.slice(0, MAX_EVENTS).map((observed) => (observed === null ? null : eventDetail(observed))),
  };
}

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
