export { createApp } from "./app.tsx";
export { startServer, type RunningServer } from "./listen.ts";
export type { AskedException, CheckedException, ExceptionWriter, PackageSource, ServerState, SiteState } from "./state.ts";
export { siteFiles, type SiteFile } from "./site-files.ts";
