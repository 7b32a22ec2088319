import { serve, type ServerType } from "@hono/node-server";
import { createApp } from "./app.tsx";
import { Assets } from "./assets.ts";
import { Site } from "./site.tsx";
import type { ServerState } from "./state.ts";

export interface RunningServer {
  readonly port: number;
  close(): Promise<void>;
}

const TRIES = 20;

/** Listens on 127.0.0.1, on `port` or the next free one. */
export async function startServer(state: ServerState, port: number): Promise<RunningServer> {
  const assets = new Assets(state.assets);
  const site = new Site(state, "served", assets.version);
  site.prepare();
  const app = createApp(state, assets, site);
  for (let tried = 0; ; tried++) {
    try {
      const server = await listen(app.fetch, port === 0 ? 0 : port + tried);
      const stop = prepare(site);
      return {
        port: server.port,
        close: () => {
          stop();
          return server.close();
        },
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE" || tried >= TRIES || port + tried >= 65_535) throw error;
    }
  }
}

/** Measures and translates between requests, so that the first who opens a page does not wait for it. Returns what stops it. */
function prepare(site: Site): () => void {
  const steps = site.steps();
  const step = (): void => {
    try {
      if (steps.next().done !== true) next = setImmediate(step);
    } catch {
      // The page that needs it will fail with it, and say so.
    }
  };
  let next = setImmediate(step);
  return () => clearImmediate(next);
}

function listen(fetch: (request: Request) => Response | Promise<Response>, port: number): Promise<RunningServer> {
  return new Promise((resolve, reject) => {
    const server: ServerType = serve({ fetch, port, hostname: "127.0.0.1" }, (info) =>
      resolve({
        port: info.port,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            if ("closeAllConnections" in server) server.closeAllConnections();
          }),
      }),
    );
    server.once("error", reject);
  });
}
