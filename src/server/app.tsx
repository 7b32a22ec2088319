import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Hono } from "hono";
import { secureHeaders } from "hono/secure-headers";
import type { Child } from "hono/jsx";
import { DetectionPage, HomePage, NotFoundPage } from "./pages.tsx";
import type { ServerState } from "./state.ts";

const TYPES: { readonly [extension: string]: string | undefined } = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
};

/** The pages as a Request -> Response app; no socket, so tests ask it directly. */
export function createApp(state: ServerState): Hono {
  const app = new Hono();
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", "data:"],
        scriptSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
      referrerPolicy: "no-referrer",
    }),
  );
  // A page of another site whose name was pointed at this machine must not read it.
  app.use(async (c, next) => {
    const host = new URL(c.req.url).hostname;
    if (host !== "127.0.0.1" && host !== "localhost" && host !== "[::1]")
      return c.text("This server answers on the loopback address only.", 421);
    return next();
  });
  // oxlint-disable-next-line typescript/no-base-to-string -- the text of a JSX node is its HTML
  const page = (child: Child): string => `<!doctype html>${String(child)}`;
  app.get("/", (c) => c.html(page(<HomePage state={state} />)));
  app.get("/detections/:id", (c) => c.redirect(`/detections/${encodeURIComponent(c.req.param("id"))}/`, 308));
  app.get("/detections/:id/", (c) => {
    const detection = state.packages.find((p) => p.id === c.req.param("id"));
    return detection === undefined
      ? c.html(page(<NotFoundPage base="../../" />), 404)
      : c.html(page(<DetectionPage detection={detection} state={state} />));
  });
  app.get("/assets/:name", async (c) => {
    const name = c.req.param("name");
    const type = /^[\w-]+\.(css|js)$/.test(name) ? TYPES[name.slice(name.lastIndexOf(".") + 1)] : undefined;
    if (type === undefined) return c.notFound();
    try {
      return c.body(new Uint8Array(await readFile(join(state.assets, name))), 200, { "content-type": type });
    } catch {
      return c.notFound();
    }
  });
  app.notFound((c) => c.html(page(<NotFoundPage base="/" />), 404));
  return app;
}
