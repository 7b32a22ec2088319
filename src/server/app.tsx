import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Hono } from "hono";
import { compress } from "hono/compress";
import { etag } from "hono/etag";
import { POLICY } from "./parts/frame.tsx";
import { Site } from "./site.tsx";
import type { ServerState } from "./state.ts";

const TYPES: { readonly [extension: string]: string | undefined } = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  txt: "text/plain; charset=utf-8",
  woff2: "font/woff2",
};

const HEADERS = {
  "content-security-policy": `${POLICY}; frame-ancestors 'none'`,
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  // Asked again each time, and answered with "not modified": what is served changes with the next hunt.
  "cache-control": "no-cache",
} as const;

/** The pages as a Request -> Response app; no socket, so tests ask it directly. */
export function createApp(state: ServerState, site: Site = new Site(state, "served")): Hono {
  const app = new Hono();
  app.use(compress());
  app.use(etag({ weak: true }));
  app.use(async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(HEADERS)) c.res.headers.set(name, value);
  });
  // A page of another site whose name was pointed at this machine must not read it.
  app.use(async (c, next) => {
    const host = new URL(c.req.url).hostname;
    if (host !== "127.0.0.1" && host !== "localhost" && host !== "[::1]")
      return c.text("This server answers on the loopback address only.", 421);
    return next();
  });
  app.get("/assets/:name", async (c) => {
    const name = c.req.param("name");
    const type = /^[\w.-]+\.(css|js|txt|woff2)$/.test(name) ? TYPES[name.slice(name.lastIndexOf(".") + 1)] : undefined;
    if (type === undefined) return c.notFound();
    try {
      return c.body(new Uint8Array(await readFile(join(state.assets, name))), 200, { "content-type": type });
    } catch {
      return c.notFound();
    }
  });
  app.get("*", (c) => {
    const path = decoded(c.req.path);
    if (path === null) return c.notFound();
    if (path === "" && site.start !== "") return c.redirect(`/${site.start}`, 302);
    const page = site.page(path);
    if (page === undefined) return site.page(`${path}/`) === undefined ? c.notFound() : c.redirect(`${c.req.path}/`, 308);
    if (page.kind === "html") return c.html(site.html(page));
    return c.body(new Uint8Array(page.bytes()), 200, { "content-type": page.type });
  });
  app.notFound((c) => c.html(site.notFound(), 404));
  return app;
}

/** Without the slash in front; null where it is not UTF-8. */
function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path.slice(1));
  } catch {
    return null;
  }
}
