// Bundles the pages' scripts and styles into dist/web/assets, writes what third parties are owed the bill of materials and the manual page, and
// makes the command executable.
import { execFileSync } from "node:child_process";
import { build } from "esbuild";
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, sep } from "node:path";
import { root } from "./prepare.mjs";
import { billOfMaterials, bundledNames, noticesText, suppliedPackages } from "./supply.mjs";

const src = join(root, "src");
const entries = join(src, "web", "entries");
const assets = join(root, "dist", "web", "assets");

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
  outdir: assets,
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  // What others wrote keeps its licence: all of them, in one file beside the bundles.
  legalComments: "none",
  banner: { js: `/* Licences: ${NOTICES} */`, css: `/* Licences: ${NOTICES} */` },
  metafile: true,
  jsx: "automatic",
  jsxImportSource: "hono/jsx",
  logLevel: "warning",
  plugins: [pureRooms],
  loader: { ".svg": "copy" },
};

const bundled = new Set();
if (existsSync(entries)) {
  rmSync(assets, { recursive: true, force: true });
  // Each on its own. What two of them share is little, and as a common piece it would drag the workbench into every page.
  const built = await Promise.all(readdirSync(entries).map((name) => build({ ...settings, entryPoints: [join(entries, name)] })));
  for (const { metafile } of built) for (const name of bundledNames(Object.keys(metafile.inputs))) bundled.add(name);
}
const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
const packages = suppliedPackages(lock, bundled);
const notices = noticesText(root, packages);
writeFileSync(join(root, "dist", NOTICES), notices);
if (existsSync(assets)) writeFileSync(join(assets, NOTICES), notices);
writeFileSync(join(root, "dist", "sbom.cdx.json"), `${JSON.stringify(billOfMaterials(lock, packages), null, 2)}\n`);

const program = join(root, "dist", "cli", "main.js");
chmodSync(program, 0o755);
writeFileSync(
  join(root, "dist", "tocsin.1"),
  execFileSync(process.execPath, [program, "manual"], { env: { ...process.env, TOCSIN_CONFIG: "" } }),
);
