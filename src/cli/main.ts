#!/usr/bin/env node
import { writeSync } from "node:fs";

// An older Node would end with the stack of a syntax error: nothing of the command is loaded before its version is known.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  writeSync(
    2,
    `error: tocsin needs Node 22.18 or later, and this is ${process.version}\nhelp: Install a later one, or use ./tocsin of a checkout, which brings its own.\n`,
  );
  process.exitCode = 2;
} else await import("./start.ts");
