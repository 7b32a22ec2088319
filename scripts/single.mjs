// `npm run single`: Tocsin as one file, for machines on which nothing can be installed.
//   npm run single                            single/tocsin.cjs (runs on any Node 22.18 or later) and a program for this platform
//   npm run single -- --platform win-x64      a program for another one (linux-arm64, darwin-x64, darwin-arm64), with the Node that npm has for it;
//                                             --node 24.18.1 takes another one of the same line where npm lacks this one
// The program is Node's own with the bundle in it (a "single executable application"); nothing is loaded from elsewhere.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { parseArgs } from "node:util";
import { brotliCompressSync, constants } from "node:zlib";
import { build as bundle } from "esbuild";
import { node, root } from "./prepare.mjs";

/** What the command line reads of its own beside its code. */
const CONTENT = [
  "package.json",
  "NOTICE",
  "detections",
  "docs",
  "samples",
  "dist/THIRD-PARTY-NOTICES.txt",
  "dist/sbom.cdx.json",
  "dist/web/assets",
];

/** Node's mark for a program that carries another one. */
const FUSE = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";

const { values: options } = parseArgs({ options: { platform: { type: "string" }, node: { type: "string" }, out: { type: "string" } } });
const here = `${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
const platform = options.platform ?? here;
const out = options.out ?? join(root, "single");
mkdirSync(out, { recursive: true });

const script = join(out, "tocsin.cjs");
writeFileSync(script, await scriptText());
chmodSync(script, 0o755);
console.log(relative(process.cwd(), script));
const program = join(out, `tocsin-${platform}${platform.startsWith("win") ? ".exe" : ""}`);
writeProgram();
console.log(relative(process.cwd(), program));
if (platform.startsWith("darwin"))
  console.log("macOS runs it only when it is signed: `codesign --sign - PROGRAM` on a Mac, for a machine of your own.");

/** The bundle, and in front of it what puts its content on the disk the first time it runs. */
async function scriptText() {
  // A character for each byte: fonts are no text.
  const files = CONTENT.flatMap(filesOf).map((path) => [path.split(sep).join("/"), readFileSync(join(root, path), "latin1")]);
  // A thread needs a file of its own: beside what `import.meta.url` says.
  const worker = await bundled({ entryPoints: [join(root, "dist", "bin", "scan-worker.js")], format: "esm" });
  files.push(["dist/cli/scan-worker.js", Buffer.from(worker).toString("latin1")]);
  const content = JSON.stringify(Object.fromEntries(files));
  const digest = createHash("sha256").update(content).digest("hex").slice(0, 16);
  const packed = brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }).toString("base64");
  const program = await bundled({
    // As main.js does, without a top-level `await`, which a CommonJS file cannot have.
    stdin: {
      contents: `import { processContext } from "./context.js";
import { run } from "./run.js";
void run(process.argv.slice(2), processContext()).then((code) => { process.exitCode = code; });`,
      resolveDir: join(root, "dist", "cli"),
    },
    format: "cjs",
    define: { "import.meta.url": "TOCSIN_MODULE" },
  });
  return `#!/usr/bin/env node\n${unpackText(digest, packed)}\n${program}`;
}

async function bundled(settings) {
  const { outputFiles } = await bundle({
    bundle: true,
    platform: "node",
    target: "node22",
    legalComments: "none",
    write: false,
    logLevel: "warning",
    ...settings,
  });
  return outputFiles[0].text;
}

function unpackText(digest, packed) {
  return `const TOCSIN_MODULE = (() => {
  const { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } = require("node:fs");
  const { homedir, tmpdir } = require("node:os");
  const { dirname, join } = require("node:path");
  const { pathToFileURL } = require("node:url");
  const { brotliDecompressSync } = require("node:zlib");
  const { env, platform } = process;
  const cache =
    env.XDG_CACHE_HOME ||
    (platform === "win32" ? env.LOCALAPPDATA || join(homedir(), "AppData", "Local") : join(homedir(), platform === "darwin" ? "Library/Caches" : ".cache"));
  const unpack = (parent) => {
    const home = join(parent, "single-${digest}");
    if (existsSync(home)) return home;
    mkdirSync(parent, { recursive: true, mode: 0o700 });
    const temporary = mkdtempSync(join(parent, "unpacking-"));
    for (const [path, text] of Object.entries(JSON.parse(brotliDecompressSync(Buffer.from(${JSON.stringify(packed)}, "base64")).toString()))) {
      mkdirSync(dirname(join(temporary, path)), { recursive: true });
      writeFileSync(join(temporary, path), text, "latin1");
    }
    try {
      renameSync(temporary, home);
    } catch (error) {
      // Another run was first.
      rmSync(temporary, { recursive: true, force: true });
      if (!existsSync(home)) throw error;
    }
    return home;
  };
  let home;
  try {
    home = unpack(join(cache, "tocsin"));
  } catch {
    // A machine where nothing of the user's can be written: for this run alone.
    const parent = mkdtempSync(join(tmpdir(), "tocsin-"));
    process.on("exit", () => rmSync(parent, { recursive: true, force: true }));
    home = unpack(parent);
  }
  return pathToFileURL(join(home, "dist", "cli", "main.js")).href;
})();`;
}

function writeProgram() {
  const work = mkdtempSync(join(tmpdir(), "tocsin-single-"));
  try {
    const settings = { main: script, output: join(work, "blob"), disableExperimentalSEAWarning: true, useCodeCache: platform === here };
    writeFileSync(join(work, "sea.json"), JSON.stringify(settings));
    runNode("--experimental-sea-config", join(work, "sea.json"));
    rmSync(program, { force: true });
    copyFileSync(platform === here ? node : nodeOf(work), program);
    chmodSync(program, 0o755);
    const segment = platform.startsWith("darwin") ? ["--macho-segment-name", "NODE_SEA"] : [];
    runNode(
      join(root, "node_modules", "postject", "dist", "cli.js"),
      program,
      "NODE_SEA_BLOB",
      settings.output,
      "--sentinel-fuse",
      FUSE,
      ...segment,
    );
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Quiet where it succeeds; what it printed is part of the error where not. */
function runNode(...args) {
  execFileSync(node, args, { stdio: "pipe" });
}

/** The program that npm has of the same Node for another platform. */
function nodeOf(work) {
  const version = options.node ?? JSON.parse(readFileSync(join(root, "node_modules", "node", "package.json"), "utf8")).version;
  const name = `${platform === "darwin-arm64" ? "node-bin" : "node"}-${platform}@${version}`;
  const shell = process.platform === "win32";
  const [packed] = JSON.parse(
    execFileSync("npm", ["pack", "--json", "--loglevel=error", name, "--pack-destination", work], { encoding: "utf8", shell }),
  );
  execFileSync("tar", ["-xzf", join(work, packed.filename), "-C", work]);
  return join(work, "package", "bin", platform.startsWith("win") ? "node.exe" : "node");
}

function filesOf(path) {
  const absolute = join(root, path);
  if (!existsSync(absolute)) throw new Error(`${path} is missing; run \`npm run build\` first`);
  if (statSync(absolute).isFile()) return [path];
  return readdirSync(absolute, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".map"))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}
