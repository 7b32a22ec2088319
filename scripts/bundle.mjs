// Bundles the pages' scripts and styles into dist/web/assets, and makes the command executable.
import { build } from "esbuild";
import { chmodSync, existsSync, readdirSync, rmSync } from "node:fs";
import { join, sep } from "node:path";
import { root } from "./prepare.mjs";

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

const settings = {
  outdir: assets,
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  // What others wrote keeps its licence, in a file beside the bundle.
  legalComments: "linked",
  jsx: "automatic",
  jsxImportSource: "hono/jsx",
  logLevel: "warning",
  plugins: [pureRooms],
  loader: { ".svg": "copy" },
};

if (existsSync(entries)) {
  rmSync(assets, { recursive: true, force: true });
  // Each on its own. What two of them share is little, and as a common piece it would drag the workbench into every page.
  await Promise.all(readdirSync(entries).map((name) => build({ ...settings, entryPoints: [join(entries, name)] })));
}
chmodSync(join(root, "dist", "cli", "main.js"), 0o755);
