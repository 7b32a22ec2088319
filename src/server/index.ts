export { createApp } from "./app.tsx";
export { startServer, type RunningServer } from "./listen.ts";
export type { ServerState } from "./state.ts";
