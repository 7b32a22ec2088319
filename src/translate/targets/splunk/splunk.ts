/**
 * Splunk over the raw events of Windows, as the Splunk Add-on for Microsoft Windows and that for Sysmon name them: sourcetype
 * `XmlWinEventLog`, a source per channel, `EventCode`, and the event's data under Windows' own names.
 */
import { once } from "../../once.ts";
import type { Table } from "../../tables/table.ts";
import {
  unlistedWindowsEvent,
  WINDOWS_FAMILIES,
  windowsTableEvents,
  type WindowsLogged,
  type WindowsNaming,
} from "../../tables/windows.ts";
import type { Platform } from "../../translation.ts";
import { windowsSearches } from "./windows-searches.ts";

const HEADER: Readonly<Record<string, string>> = {
  Computer: "Computer",
  EventID: "EventCode",
  EventRecordID: "RecordNumber",
  Keywords: "Keywords",
  Provider: "Name",
  TimeCreated: "_time",
};
/** Splunk makes underscores of what names of fields cannot have. */
const NAMING: WindowsNaming = {
  data: (name) => name.replaceAll(/\W/g, "_"),
  header: (name) => HEADER[name] ?? null,
  // Attributes keep the apostrophes of the XML in some versions of the add-on.
  quoted: "Name",
};

const tables = once((): readonly Table<WindowsLogged>[] => [
  ...WINDOWS_FAMILIES.map((family) => ({ name: family, events: windowsTableEvents([family], NAMING) })),
  { name: "Windows events", events: [], unlisted: (of) => unlistedWindowsEvent(of, NAMING) },
]);

export const splunk = {
  title: "Splunk (SPL, raw Windows events)",
  extension: "spl",
  checked: "text",
  translate: windowsSearches({ sourcetype: "XmlWinEventLog", tables, variant: "" }),
} as const satisfies Platform;
