/** What the page of alerts asks for: the list of all, what stands behind each, and all as documents of ECS. */
import { alertEvidence, alertList, packAlertList, type ListedIncident } from "../report/index.ts";
import { alertDocument, jsonText, type Alert, type HuntResult, type TimeZone } from "../workbench/index.ts";
import { textFile, type FilePage, type Page } from "./page.ts";

/** Alerts of which the written pages have the evidence in a file each. */
const MAX_WRITTEN = 2_000;
/** Characters that leave at a time. */
const PIECE = 1_000_000;

interface Made {
  readonly incidents: readonly ListedIncident[];
  /** The list as it travels. */
  readonly json: string;
}

export class AlertFiles {
  readonly #hunt: HuntResult;
  readonly #zone: TimeZone;
  readonly #pages: ReadonlyMap<string, string>;
  #alerts: ReadonlyMap<string, Alert> | null = null;
  #kept: Made | null = null;

  /** @param pages of rules of no package, by the rules' keys. */
  constructor(hunt: HuntResult, zone: TimeZone, pages: ReadonlyMap<string, string>) {
    this.#hunt = hunt;
    this.#zone = zone;
    this.#pages = pages;
  }

  /** What happened, of which each incident is one; made once, since a hunt does not change while its pages are served. */
  get incidents(): readonly ListedIncident[] {
    return this.#made().incidents;
  }

  #made(): Made {
    if (this.#kept === null) {
      const list = alertList(this.#hunt, this.#zone, (rule) => this.#pages.get(rule) ?? null);
      this.#kept = { incidents: list.incidents, json: JSON.stringify(packAlertList(list)) };
    }
    return this.#kept;
  }

  /** Files that are always there. */
  list(): Page[] {
    return [
      textFile("alerts/alerts.json", "application/json", () => this.#made().json),
      { kind: "stream", path: "alerts/alerts.ndjson", type: "application/x-ndjson", pieces: () => documents(this.#hunt.alerts) },
    ];
  }

  /** The evidence of the first alerts, as files. */
  written(): FilePage[] {
    return this.#hunt.alerts.slice(0, MAX_WRITTEN).map((alert) => evidenceFile(alert));
  }

  /** The evidence of any alert, by the path of its file. */
  page(path: string): FilePage | undefined {
    const id = /^alerts\/([0-9a-f]{32})\.json$/.exec(path)?.[1];
    if (id === undefined) return undefined;
    this.#alerts ??= new Map(this.#hunt.alerts.map((alert) => [alert.id, alert]));
    const alert = this.#alerts.get(id);
    return alert === undefined ? undefined : evidenceFile(alert);
  }
}

function evidenceFile(alert: Alert): FilePage {
  return textFile(`alerts/${alert.id}.json`, "application/json", () => JSON.stringify(alertEvidence(alert)));
}

function* documents(alerts: readonly Alert[]): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  let piece = "";
  for (const alert of alerts) {
    piece += `${jsonText(alertDocument(alert))}\n`;
    if (piece.length < PIECE) continue;
    yield encoder.encode(piece);
    piece = "";
  }
  if (piece !== "") yield encoder.encode(piece);
}
