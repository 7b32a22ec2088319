// Bundles the pages' scripts and styles into dist/web/assets and the command into dist/bin, and writes what third parties are owed, the bill of
// materials and the manual page.
import { execFileSync } from "node:child_process";
import { build } from "esbuild";
import { randomUUID } from "node:crypto";
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, sep } from "node:path";
import { root } from "./prepare.mjs";
import { billOfMaterials, bundledNames, noticesText, suppliedPackages } from "./supply.mjs";

const src = join(root, "src");
const entries = join(src, "web", "entries");
const assets = join(root, "dist", "web", "assets");
const bin = join(root, "dist", "bin");

/** No module of the rooms does anything by being loaded, so a page gets of an `index.ts` only what it names. */
const pureRooms = {
  name: "pure-rooms",
  setup(builder) {
    builder.onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir, kind }) =>
      kind === "import-statement" && /\.tsx?$/.test(path) && resolveDir.startsWith(src + sep)
        ? { path: join(resolveDir, path), sideEffects: false }
        : undefined,
    );
  },
};

const NOTICES = "THIRD-PARTY-NOTICES.txt";

const settings = {
  bundle: true,
  format: "esm",
  // What others wrote keeps its licence: all of them, in one file beside the bundles.
  legalComments: "none",
  metafile: true,
  jsx: "automatic",
  jsxImportSource: "hono/jsx",
  logLevel: "warning",
  plugins: [pureRooms],
};

const page = {
  ...settings,
  outdir: assets,
  target: "es2022",
  minify: true,
  banner: { js: `/* Licences: ${NOTICES} */`, css: `/* Licences: ${NOTICES} */` },
  loader: { ".svg": "copy", ".woff2": "file" },
};

/** A command line loads some 700 modules otherwise, which takes longer than a small hunt. Each command is a piece of its own. */
const command = {
  ...settings,
  entryPoints: [
    { in: join(src, "cli", "main.ts"), out: "tocsin" },
    // A thread's script lies beside the piece that starts it.
    { in: join(src, "cli", "jobs", "scan-worker.ts"), out: "scan-worker" },
  ],
  outdir: bin,
  platform: "node",
  target: "node22",
  splitting: true,
  // A cache holds what this build made: what another one made may differ.
  define: { TOCSIN_BUILD: JSON.stringify(process.env.TOCSIN_BUILD ?? randomUUID()) },
  // Names stay: a stack says where it was.
  minifyWhitespace: true,
  // Packages written as CommonJS ask for Node's own modules by `require`.
  banner: {
    js: `/* Licences: ../${NOTICES} */\nimport { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);`,
  },
};

const bundled = new Set();
const noteBundled = ({ metafile }) => {
  for (const name of bundledNames(Object.keys(metafile.inputs))) bundled.add(name);
};
if (existsSync(entries)) {
  rmSync(assets, { recursive: true, force: true });
  // Each on its own. What two of them share is little, and as a common piece it would drag the workbench into every page.
  const built = await Promise.all(readdirSync(entries).map((name) => build({ ...page, entryPoints: [join(entries, name)] })));
  for (const one of built) noteBundled(one);
}
rmSync(bin, { recursive: true, force: true });
noteBundled(await build(command));
const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
const packages = suppliedPackages(lock, bundled);
const notices = noticesText(root, packages);
writeFileSync(join(root, "dist", NOTICES), notices);
if (existsSync(assets)) writeFileSync(join(assets, NOTICES), notices);
writeFileSync(join(root, "dist", "sbom.cdx.json"), `${JSON.stringify(billOfMaterials(lock, packages), null, 2)}\n`);

const program = join(bin, "tocsin.js");
chmodSync(program, 0o755);
writeFileSync(
  join(root, "dist", "tocsin.1"),
  execFileSync(process.execPath, [program, "manual"], { env: { ...process.env, TOCSIN_CONFIG: "", TOCSIN_CACHE: "" } }),
);
