/** A version as Elasticsearch's `version` type reads it: `1.2.3-SNAPSHOT+build`, one or more numbers. */
export interface Version {
  /** Without leading zeros, so that length then text is numeric order. */
  readonly numbers: readonly string[];
  /** null is a release, which comes after every pre-release of the same numbers. */
  readonly prerelease: readonly string[] | null;
  readonly build: string;
}

/** null where the text is no version; such a value equals only itself. */
export function parseVersion(text: string): Version | null {
  if (text.length > 256) return null;
  const match = /^(\d+(?:\.\d+)*)(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+([0-9A-Za-z.-]+))?$/.exec(text);
  if (match === null) return null;
  return {
    numbers: match[1]!.split(".").map((n) => n.replace(/^0+(?=\d)/, "")),
    prerelease: match[2] === undefined ? null : match[2].split("."),
    build: match[3] ?? "",
  };
}

/** Semantic version order. */
export function compareVersions(a: Version, b: Version): number {
  const n = Math.min(a.numbers.length, b.numbers.length);
  for (let i = 0; i < n; i++) {
    const order = compareDigits(a.numbers[i]!, b.numbers[i]!);
    if (order !== 0) return order;
  }
  if (a.numbers.length !== b.numbers.length) return a.numbers.length - b.numbers.length;
  const order = comparePrerelease(a.prerelease, b.prerelease);
  return order !== 0 ? order : compareText(a.build, b.build);
}

function comparePrerelease(a: readonly string[] | null, b: readonly string[] | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) {
    const x = a[i]!;
    const y = b[i]!;
    const numeric = /^\d+$/.test(x);
    if (numeric !== /^\d+$/.test(y)) return numeric ? -1 : 1;
    const order = numeric ? compareDigits(x.replace(/^0+(?=\d)/, ""), y.replace(/^0+(?=\d)/, "")) : compareText(x, y);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareDigits(a: string, b: string): number {
  return a.length !== b.length ? a.length - b.length : compareText(a, b);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
