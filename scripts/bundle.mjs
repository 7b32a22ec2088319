// Bundles the pages' scripts and styles into dist/web/assets, and makes the command executable.
import { build } from "esbuild";
import { chmodSync, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./prepare.mjs";

const entries = join(root, "src", "web", "entries");
if (existsSync(entries)) {
  await build({
    entryPoints: readdirSync(entries).map((name) => join(entries, name)),
    outdir: join(root, "dist", "web", "assets"),
    bundle: true,
    format: "esm",
    target: "es2022",
    minify: true,
    legalComments: "linked",
    logLevel: "warning",
  });
}
chmodSync(join(root, "dist", "cli", "main.js"), 0o755);
