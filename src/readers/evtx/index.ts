export { evtxFormat } from "./decoder.ts";
export { carveFormat } from "./carve.ts";
