import { Hono } from "hono";
import { etag } from "hono/etag";
import { Assets } from "./assets.ts";
import { compression, encodingFor } from "./compression.ts";
import { POLICY } from "./parts/frame.tsx";
import { Site } from "./site.tsx";
import { exceptionRoutes } from "./write-exceptions.ts";
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
} as const;

/** Asked again each time, and answered with "not modified": a page changes with the next hunt. */
const ASK_AGAIN = "no-cache";
/** The address holds the version of what is there. */
const KEEP = "public, max-age=31536000, immutable";

/** The pages as a Request -> Response app; no socket, so tests ask it directly. */
export function createApp(
  state: ServerState,
  assets: Assets = new Assets(state.assets),
  site: Site = new Site(state, "served", assets.version),
): Hono {
  const app = new Hono();
  // What is streamed is not held to be compressed, nor for a tag of the whole.
  for (const whole of [compression(), etag({ weak: true })])
    app.use((c, next) => (c.req.path.endsWith(".ndjson") ? next() : whole(c, next)));
  app.use(async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(HEADERS)) c.res.headers.set(name, value);
    if (!c.res.headers.has("cache-control")) c.res.headers.set("cache-control", ASK_AGAIN);
  });
  // A page of another site whose name was pointed at this machine must not read it.
  app.use(async (c, next) => {
    const host = new URL(c.req.url).hostname;
    if (host !== "127.0.0.1" && host !== "localhost" && host !== "[::1]")
      return c.text("This server answers on the loopback address only.", 421);
    return next();
  });
  app.get("/assets/:version/:name", async (c) => {
    const { version, name } = c.req.param();
    const type = TYPES[name.slice(name.lastIndexOf(".") + 1)];
    if (version !== assets.version || type === undefined || !assets.names.includes(name)) return c.notFound();
    const headers = { "content-type": type, "cache-control": KEEP };
    const encoding = type.startsWith("font/") ? null : encodingFor(c.req.header("accept-encoding"));
    if (encoding === null) return c.body(new Uint8Array(assets.bytes(name)), 200, headers);
    return c.body(new Uint8Array(await assets.compressed(name, encoding)), 200, { ...headers, "content-encoding": encoding });
  });
  if (state.writer !== undefined) app.route("/tuning", exceptionRoutes(state.writer));
  app.get("*", (c) => {
    const path = decoded(c.req.path);
    if (path === null) return c.notFound();
    if (path === "" && site.start !== "") return c.redirect(`/${site.start}`, 302);
    const page = site.page(path);
    if (page === undefined) return site.page(`${path}/`) === undefined ? c.notFound() : c.redirect(`${c.req.path}/`, 308);
    if (page.kind === "html") return c.html(site.html(page));
    if (page.kind === "stream") return c.body(streamOf(page.pieces()), 200, { "content-type": page.type });
    return c.body(new Uint8Array(page.bytes()), 200, { "content-type": page.type });
  });
  app.notFound((c) => c.html(site.notFound(), 404));
  return app;
}

/** Made as fast as it is taken. */
function streamOf(pieces: Iterable<Uint8Array>): ReadableStream<Uint8Array> {
  const all = pieces[Symbol.iterator]();
  return new ReadableStream({
    pull(controller) {
      const { done, value } = all.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
  });
}

/** Without the slash in front; null where it is not UTF-8. */
function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path.slice(1));
  } catch {
    return null;
  }
}
