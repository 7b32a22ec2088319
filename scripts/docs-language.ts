/**
 * Writes docs/language.md: the prose of scripts/language/language.md, the functions and the diagnostics out of the engine's own tables.
 *
 *   npm run docs                           writes it
 *   node scripts/docs-language.ts --check  says whether it is out of date, and exits with 1 if so
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { CODES, FUNCTIONS, signature, type CodeEntry, type EqlFunction } from "../src/eql/index.ts";

const TARGET = new URL("../docs/language.md", import.meta.url);
const PROSE = new URL("./language/language.md", import.meta.url);
const GOLDENS = new URL("../src/eql/diagnostics/goldens/", import.meta.url);

const GROUPS: Readonly<Record<CodeEntry["group"], string>> = {
  text: "The text cannot be read",
  meaning: "Elasticsearch would refuse it",
  advice: "It is most likely a mistake",
  run: "Found while running",
};

export function languageReference(): string {
  const functions = [...FUNCTIONS].sort((a, b) => (a.name < b.name ? -1 : 1));
  return readFileSync(PROSE, "utf8")
    .replace("<!-- functions -->\n", () => functions.map(functionText).join("\n"))
    .replace("<!-- diagnostics -->\n", diagnosticsText);
}

function functionText(definition: EqlFunction): string {
  const types = definition.parameters.map(
    (p) =>
      `\`${p.name}\` (${p.type}${p.constant === true ? ", a literal" : ""}${p.optional === true ? ", optional" : ""}${p.variadic === true ? ", one or more" : ""})`,
  );
  const examples = definition.examples.map(
    (example) => `${example.call} // ${example.result === undefined ? "null" : JSON.stringify(example.result)}`,
  );
  return `### ${definition.name}

\`${signature(definition)}\`: ${definition.returns}${definition.insensitive ? `, also \`${definition.name}~\`` : ""}

${definition.doc}

Takes ${types.join(", ")}.

\`\`\`eql
${examples.join("\n")}
\`\`\`
`;
}

function diagnosticsText(): string {
  const codes = Object.entries(CODES) as [string, CodeEntry][];
  return (Object.keys(GROUPS) as CodeEntry["group"][])
    .map((group) => {
      const entries = codes.filter(([, entry]) => entry.group === group).sort(([a], [b]) => (a < b ? -1 : 1));
      return `### ${GROUPS[group]}\n\n${entries.map(([code, entry]) => codeText(code, entry)).join("\n")}`;
    })
    .join("\n");
}

/** A code, and of its golden example what a reader would write: without the comments that set the example up. */
function codeText(code: string, entry: CodeEntry): string {
  const heading = `#### \`${code}\`\n\n${entry.title}. ${entry.doc}\n`;
  const golden = new URL(`${code.slice(4)}.eql`, GOLDENS);
  if (!existsSync(golden)) return heading;
  const lines = readFileSync(golden, "utf8").trimEnd().split("\n");
  const query = lines.filter((line) => !/^\/\/ [a-z-]+: /.test(line)).join("\n");
  return query === "" || query.length > 400 ? heading : `${heading}\n\`\`\`eql\n${query}\n\`\`\`\n`;
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const text = languageReference();
  if (process.argv.includes("--check")) {
    if (!existsSync(TARGET) || readFileSync(TARGET, "utf8") !== text) {
      console.error("docs/language.md is out of date: npm run docs");
      process.exit(1);
    }
  } else writeFileSync(TARGET, text);
}
