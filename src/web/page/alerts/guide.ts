import type { ActSummary, ListedAlert } from "../../../report/index.ts";

export interface GuideLink {
  readonly title: string;
  readonly href: string;
}

/** Where an alert leads to in the site. */
export interface GuidePlaces {
  /** The root of the site. */
  readonly root: URL;
  /** Ids of the packages that have pages. */
  readonly packages: ReadonlySet<string>;
  /** The page of a rule of no package, from the root; null where it has none. */
  readonly pageOf: (rule: string) => string | null;
}

/**
 * What helps with an alert: its rule, and the guide and the playbook of its detection, with what the alert and its act name filled into
 * their queries: the host acted on, the account, and where it was acted from.
 */
export function guideLinks(alert: ListedAlert, act: ActSummary | null, { root, packages, pageOf }: GuidePlaces): GuideLink[] {
  const { rule, ruleId, who, source } = alert;
  const id = rule.slice(0, Math.max(0, rule.lastIndexOf("/")));
  // From a disk no page is found by its folder's name.
  const urlOf = (folder: string): URL => new URL(`${folder}${root.protocol === "file:" ? "index.html" : ""}`, root);
  if (!packages.has(id)) {
    const page = pageOf(rule);
    return page === null ? [] : [{ title: "The rule", href: urlOf(page).href }];
  }
  const folder = `detections/${encodeURIComponent(id)}/`;
  const page = urlOf(`${folder}respond/`);
  const isBetween = act !== null && act.to !== "";
  const values = {
    host: isBetween ? fullName(act.to, alert) : alert.host,
    user: who.split("\\").at(-1)!,
    source,
    source_host: isBetween ? fullName(act.from, alert) : "",
  };
  for (const [name, value] of Object.entries(values)) if (value !== "") page.searchParams.set(name, value);
  return [
    { title: `Rule ${ruleId}`, href: urlOf(`${folder}rules/${encodeURIComponent(ruleId)}/`).href },
    { title: "Investigation guide", href: `${page.href}#guide` },
    { title: "Response playbook", href: `${page.href}#playbook` },
  ];
}

/** An act names hosts without their domains. */
function fullName(host: string, { host: full }: ListedAlert): string {
  return full.toLowerCase().startsWith(`${host.toLowerCase()}.`) ? full : host;
}
