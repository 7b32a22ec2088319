/** Saved searches: what runs a search on a schedule and makes alerts of its results. */
import { oneLine } from "../../plain-text.ts";
import type { LossList } from "../../loss-list.ts";
import type { DeployFile, TranslationRequest } from "../../translation.ts";

/** All columns or none: over some of them an alert would silence others too. */
export function repeatColumns(
  { metadata, query }: TranslationRequest,
  losses: LossList,
  columnOf: (field: string) => string | null,
): readonly string[] | null {
  const fields = metadata.suppression?.fields ?? [];
  if (fields.length === 0) return null;
  const columns = fields.map(columnOf);
  const lost = fields.filter((_, at) => columns[at] === null);
  if (lost.length === 0) return [...new Set(columns.flatMap((column) => column ?? []))];
  losses.add({
    effect: "exact",
    span: query.span,
    reason: `Repeated alerts are not silenced: no one column of the results holds ${lost.map((field) => `\`${field}\``).join(", ")}`,
    advice: null,
  });
  return null;
}

/**
 * A stanza of `savedsearches.conf` (Splunk's specification of that file): a value goes on over a line's end behind a backslash.
 *
 * @param repeats the columns in which alerts are alike that are one for a while; null where the results have no such columns. Without
 * columns an alert would silence those of every other host, so none are silenced then.
 */
export function savedSearch({ metadata }: TranslationRequest, search: string, repeats: readonly string[] | null, variant = ""): DeployFile {
  const minutes = Math.max(1, Math.round(metadata.interval / 60));
  const cron = minutes < 60 ? `*/${minutes} * * * *` : `0 */${Math.max(1, Math.round(minutes / 60))} * * *`;
  // A backslash at the end would continue on the next line.
  const value = (text: string): string => oneLine(text).replace(/[\\\s]+$/, "");
  const title = value(metadata.title) || metadata.id;
  // The stanza `default` is that of every search.
  const stanza = title.replaceAll(/[[\]]/g, " ").trim();
  const lines = [
    `[${stanza === "" || stanza.toLowerCase() === "default" ? `${metadata.id} ${stanza}`.trim() : stanza}]`,
    `description = ${value(metadata.description)}`,
    `search = ${search.trim().replaceAll("\n", " \\\n")}`,
    "disabled = 1",
    "enableSched = 1",
    `cron_schedule = ${cron}`,
    `dispatch.earliest_time = -${Math.ceil(metadata.lookback / 60)}m`,
    "dispatch.latest_time = now",
    "counttype = number of events",
    "relation = greater than",
    "quantity = 0",
    `alert.severity = ${{ informational: 2, low: 3, medium: 4, high: 5, critical: 6 }[metadata.severity]}`,
    ...(metadata.suppression === null || repeats === null
      ? []
      : [
          "alert.digest_mode = 0",
          "alert.suppress = 1",
          `alert.suppress.fields = ${repeats.join(",")}`,
          `alert.suppress.period = ${metadata.suppression.window}s`,
        ]),
    "action.notable = 1",
    `action.notable.param.rule_title = ${title}`,
    `action.notable.param.severity = ${metadata.severity}`,
    `action.correlationsearch.annotations = ${JSON.stringify({ mitre_attack: metadata.attack.map(({ technique, subtechnique }) => (subtechnique ?? technique).id) })}`,
  ];
  return { name: `${metadata.id}${variant}.savedsearches.conf`, text: `${lines.join("\n")}\n` };
}
