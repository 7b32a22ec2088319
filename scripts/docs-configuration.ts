// Writes the table of settings into docs/configuration.md.
import { readFileSync, writeFileSync } from "node:fs";
import { CONFIGURATION_KEYS } from "../src/cli/configuration/keys.ts";

const TARGET = new URL("../docs/configuration.md", import.meta.url);

/** Between these two lines the table stands. */
const TABLE = /(?<=<!-- settings -->\n)[^]*(?=<!-- \/settings -->)/;

const KINDS = { paths: "a path or a list of paths", path: "a path", text: "a text, or a list", flag: "`true` or `false`" } as const;

export function withSettings(prose: string): string {
  const rows = Object.entries(CONFIGURATION_KEYS).map(([name, { kind, means }]) => `| \`${name}\` | ${KINDS[kind]} | ${means} |`);
  return prose.replace(TABLE, () => `\n| setting | value | what it says |\n|---|---|---|\n${rows.join("\n")}\n\n`);
}

if (process.argv[1] === new URL(import.meta.url).pathname) writeFileSync(TARGET, withSettings(readFileSync(TARGET, "utf8")));
