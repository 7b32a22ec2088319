/** Where rules run: as they are written, in EQL, and every platform they are translated to. */
import { PLATFORM_NAMES, PLATFORMS, type PlatformName, type Rule, type RuleTranslation } from "../workbench/index.ts";
import type { PackageView } from "./package-view.ts";
import type { PlatformText } from "./parts/platforms.tsx";

export type PlatformId = "eql" | PlatformName;

export interface ListedPlatform {
  readonly id: PlatformId;
  /** `Microsoft Sentinel (KQL)` */
  readonly title: string;
  /** The shortest that no other platform has: `Microsoft Sentinel`. */
  readonly label: string;
  /** How our translation was held against the platform; of EQL, which is run as it is, the same. */
  readonly checked: "executed" | "validated" | "text";
}

const EQL = "Elastic Security (EQL)";

/** Those that people ask for most, and then the others. */
const FIRST: readonly PlatformId[] = [
  "eql",
  "kibana-rule",
  "sentinel",
  "splunk",
  "defender-xdr",
  "sigma",
  "esql",
  "google-secops",
  "crowdstrike",
];

const plain = (title: string): string => title.replace(/ \(.*$/, "");
const titleOf = (id: PlatformId): string => (id === "eql" ? EQL : PLATFORMS[id].title);
const ids: readonly PlatformId[] = [...FIRST, ...PLATFORM_NAMES.filter((name) => !FIRST.includes(name))];
const plains = ids.map((id) => plain(titleOf(id)));

/** In the order in which they are offered. */
export const PLATFORM_LIST: readonly ListedPlatform[] = ids.map((id) => {
  const title = titleOf(id);
  const short = plain(title);
  const isUnique = plains.indexOf(short) === plains.lastIndexOf(short);
  return { id, title, label: isUnique ? short : title, checked: id === "eql" ? "executed" : PLATFORMS[id].checked };
});

/** How many of the list are offered at once; the others are behind "More platforms". */
export const OFFERED_FIRST: number = FIRST.length;

/** A rule's text there, with its losses; as it is written where that is EQL. */
export function onPlatform(view: PackageView, rule: Rule, { id, title }: ListedPlatform): PlatformText {
  return id === "eql" ? { platform: id, title, text: rule.query, losses: [] } : platformText(view.translation(rule, id), title);
}

/** A translation as pages show it. */
export function platformText({ platform, text, losses }: RuleTranslation, title: string): PlatformText {
  return {
    platform,
    title,
    text,
    losses: losses.map(({ effect, source, reason, advice, dropsConjunct = false }) => ({
      kind: effect,
      span: source,
      reason,
      advice,
      dropsConjunct,
    })),
  };
}
