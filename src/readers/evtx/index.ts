export { evtxFormat } from "./decoder.ts";
