/** Runs before each test file: what tests draw at random is the same in every `npm test`. `npm run fuzz` gives a seed of its own (SEED). */
import fc from "fast-check";
import { seeded } from "./lab/random.ts";

const seed = Number(process.env["SEED"] ?? 1);
fc.configureGlobal({ seed });
Math.random = seeded(seed);
