import { serve, type ServerType } from "@hono/node-server";
import { createApp } from "./app.tsx";
import type { ServerState } from "./state.ts";

export interface RunningServer {
  readonly port: number;
  close(): Promise<void>;
}

const TRIES = 20;

/** Listens on 127.0.0.1, on `port` or the next free one. */
export async function startServer(state: ServerState, port: number): Promise<RunningServer> {
  const app = createApp(state);
  for (let tried = 0; ; tried++) {
    try {
      return await listen(app.fetch, port === 0 ? 0 : port + tried);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE" || tried >= TRIES || port + tried >= 65_535) throw error;
    }
  }
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
