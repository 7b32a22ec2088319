export { openInput } from "../readers/index.ts";
export type { Decoder, Place, Problem, ReadOptions, Record, Sink } from "../readers/index.ts";
export { visible } from "./visible.ts";
