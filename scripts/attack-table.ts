/**
 * Makes `src/catalog/generated/attack.ts` from MITRE's published STIX bundle: `node scripts/attack-table.ts enterprise-attack.json`.
 * Tactics in the order of MITRE's matrix, and the techniques that are neither revoked nor deprecated and concern Windows or what comes
 * before any platform.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

interface StixObject {
  readonly id: string;
  readonly type: string;
  readonly name?: string;
  readonly revoked?: boolean;
  readonly x_mitre_deprecated?: boolean;
  readonly x_mitre_shortname?: string;
  readonly x_mitre_platforms?: readonly string[];
  readonly x_mitre_version?: string;
  readonly tactic_refs?: readonly string[];
  readonly kill_chain_phases?: readonly { readonly kill_chain_name: string; readonly phase_name: string }[];
  readonly external_references?: readonly { readonly source_name: string; readonly external_id?: string }[];
}

const [file] = process.argv.slice(2);
if (file === undefined) {
  console.error("usage: node scripts/attack-table.ts enterprise-attack.json");
  process.exit(2);
}
const { objects } = JSON.parse(readFileSync(file, "utf8")) as { objects: readonly StixObject[] };
const current = objects.filter((object) => object.revoked !== true && object.x_mitre_deprecated !== true);
const idOf = (object: StixObject): string =>
  object.external_references?.find((reference) => reference.source_name === "mitre-attack")?.external_id ?? "";

const matrix = current.find((object) => object.type === "x-mitre-matrix");
const tacticById = new Map(current.filter((object) => object.type === "x-mitre-tactic").map((object) => [object.id, object]));
const tactics = (matrix?.tactic_refs ?? []).flatMap((reference) => tacticById.get(reference) ?? []);
const order = new Map(tactics.map((tactic, at) => [tactic.x_mitre_shortname, at]));
const techniques = current
  .filter((object) => object.type === "attack-pattern")
  .filter((object) => object.x_mitre_platforms?.some((platform) => platform === "Windows" || platform === "PRE") === true)
  .sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
const version = current.find((object) => object.type === "x-mitre-collection")?.x_mitre_version ?? "";

const literal = (lines: readonly string[]): string => lines.map((line) => line.replaceAll("\\", "\\\\").replaceAll("`", "\\`")).join("\n");
writeFileSync(
  join(import.meta.dirname, "..", "src", "catalog", "generated", "attack.ts"),
  `// Made by scripts/attack-table.ts from MITRE's STIX bundle. © 2025 The MITRE Corporation; ATTACK_LICENSE in ../attack.ts applies.

export const ATTACK_VERSION = ${JSON.stringify(version)};

/** \`id|short name|name\`, in the order of MITRE's matrix. */
export const TACTIC_LINES = \`${literal(tactics.map((tactic) => [idOf(tactic), tactic.x_mitre_shortname, tactic.name].join("|")))}\`;

/** \`id|name|places of its tactics in the list above\` */
export const TECHNIQUE_LINES = \`${literal(
    techniques.map((technique) =>
      [
        idOf(technique),
        technique.name,
        (technique.kill_chain_phases ?? [])
          .filter((phase) => phase.kill_chain_name === "mitre-attack")
          .map((phase) => order.get(phase.phase_name))
          .join(" "),
      ].join("|"),
    ),
  )}\`;
`,
);
