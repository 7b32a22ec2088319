/**
 * A detection was one long page once. What its anchors named has pages of its own now, and a fragment never reaches a server: the
 * Overview leads old links on.
 */
const MOVED: Readonly<Record<string, string>> = {
  overview: "reference/#metadata",
  story: "reference/#story",
  rules: "rules/",
  proof: "coverage/",
  matrix: "coverage/#matrix",
  "matrix-part": "coverage/matrix/",
  "blind-spots": "coverage/#misses",
  "dead-clauses": "coverage/#misses",
  lint: "coverage/#misses",
  unseen: "coverage/#misses",
  "known-blind-spots": "coverage/#misses",
  evasion: "coverage/#variants",
  "evasion-misses": "coverage/#misses",
  platforms: "deploy/#platforms",
  downloads: "deploy/#downloads",
  tests: "coverage/#tests",
  hunting: "respond/#hunting",
  guide: "respond/#guide",
  playbook: "respond/#playbook",
  tuning: "tune/",
  recipes: "tune/#recipes",
  exceptions: "tune/",
  lists: "tune/#lists",
  related: "reference/#related",
  corrections: "reference/#corrections",
  references: "reference/#references",
  changelog: "reference/#changelog",
};

/** Anchors made of a name, and what leads to them now. */
const MOVED_NAMES: readonly (readonly [pattern: RegExp, target: string])[] = [
  [/^platform-([a-z0-9-]+)$/, "deploy/$1/"],
  [/^(exception-[a-z0-9-]+)$/, "tune/#$1"],
  [/^(guide-.+)$/, "respond/#$1"],
  [/^(playbook-.+|step-\d+)$/, "respond/#$1"],
];

export function movedAnchors(): void {
  const moved = document.getElementById("moved-anchors");
  if (moved === null) return;
  const go = (): void => {
    const target = targetOf(decodeURIComponent(location.hash.slice(1)), moved.dataset);
    if (target !== null) location.replace(target);
  };
  addEventListener("hashchange", go);
  go();
}

/** Relative to the Overview; null for an anchor that is still there, or never was. */
export function targetOf(anchor: string, ids: Readonly<Record<string, string | undefined>>): string | null {
  const folder = folderOf(anchor, ids);
  if (folder === null) return null;
  // A site opened from a disk has no folders that show their page.
  const [path, hash] = folder.split("#") as [string, string | undefined];
  const file = location.pathname.endsWith("/index.html") ? `${path}index.html` : path;
  return hash === undefined ? file : `${file}#${hash}`;
}

function folderOf(anchor: string, ids: Readonly<Record<string, string | undefined>>): string | null {
  if (Object.hasOwn(MOVED, anchor)) return MOVED[anchor]!;
  const has = (list: string | undefined): boolean => (list ?? "").split(" ").includes(anchor);
  if (anchor === "") return null;
  if (has(ids["rules"])) return `rules/${anchor}/`;
  if (has(ids["tests"])) return `tests/${anchor}/`;
  if (has(ids["hunts"])) return `respond/#${anchor}`;
  for (const [pattern, target] of MOVED_NAMES) if (pattern.test(anchor)) return anchor.replace(pattern, target);
  return null;
}
