import { enableCompileCache } from "node:module";
import { setFlagsFromString } from "node:v8";
import { codeFolder } from "./cache/code.ts";
import { processContext } from "./context.ts";

// The space for new objects stays as small as it begins (1 MB). V8 lets it grow to more than 100 MB, which rules and alerts make it do, and
// collects no faster for it: bench/README.md has the numbers.
setFlagsFromString("--semi-space-growth-factor=1");

const context = processContext();
const folder = codeFolder(context.cacheFolder);
if (folder !== null) enableCompileCache(folder);
const { run } = await import("./run.ts");
process.exitCode = await run(process.argv.slice(2), context);
