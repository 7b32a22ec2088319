import { Hono, type Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { AskedException, ExceptionWriter } from "./state.ts";

/** An exception is a page of YAML at most. */
const MAX_BODY = 64 * 1024;

/**
 * `check` and `write`, for the page that the server itself has shown: a request names this origin, is JSON (which another site cannot send without
 * asking first) and carries the token of that page.
 */
export function exceptionRoutes(writer: ExceptionWriter): Hono {
  const app = new Hono();
  app.use(async (c, next) => {
    if (c.req.method !== "POST") return next();
    const { origin, host } = { origin: c.req.header("origin"), host: new URL(c.req.url).host };
    const isOurs = origin === `http://${host}` && c.req.header("x-tocsin-token") === writer.token;
    if (!isOurs || c.req.header("content-type") !== "application/json")
      return c.json({ error: "Only the page of this server may ask." }, 403);
    return next();
  });
  app.use(bodyLimit({ maxSize: MAX_BODY, onError: (c) => c.json({ error: "That is too long for an exception." }, 413) }));
  app.post("/check", async (c) => answer(c, (asked) => writer.check(asked)));
  app.post("/write", async (c) => answer(c, async (asked, all) => ({ file: await writer.write(asked, all.acceptLoss === true) })));
  return app;
}

type Asked = AskedException & { readonly acceptLoss?: unknown };

async function answer(c: Context, work: (asked: AskedException, all: Asked) => unknown): Promise<Response> {
  try {
    const asked: unknown = await c.req.json();
    if (!isAsked(asked)) return c.json({ error: "It names no package and no exception." }, 400);
    return c.json((await work({ detection: asked.detection, yaml: asked.yaml }, asked)) as object);
  } catch (error) {
    return c.json({ error: error instanceof Error ? error.message : String(error) }, 400);
  }
}

function isAsked(value: unknown): value is Asked {
  return (
    typeof value === "object" &&
    value !== null &&
    "detection" in value &&
    typeof value.detection === "string" &&
    "yaml" in value &&
    typeof value.yaml === "string"
  );
}
