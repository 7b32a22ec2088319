/** Brotli or gzip for whoever takes it. */
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { MiddlewareHandler } from "hono";

export type Encoding = "br" | "gzip";

const COMPRESSIBLE = /^(?:text\/|image\/svg|application\/(?:json|javascript|x-ndjson|yaml))/;
/** Below this it is not worth a header. */
const LEAST = 1024;
/** Beyond these a script of two megabytes is some percent smaller, and whoever asks first waits more than twice as long for it. */
const QUALITY = { br: 5, gzip: 6 } as const;

const brotliBytes = promisify(brotliCompress);
const gzipBytes = promisify(gzip);

/** In a thread of its own, so that other requests are answered meanwhile. */
export function compressed(bytes: Uint8Array, encoding: Encoding): Promise<Uint8Array> {
  const quality = QUALITY[encoding];
  return encoding === "br"
    ? brotliBytes(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } })
    : gzipBytes(bytes, { level: quality });
}

/** The better of those that a request's `accept-encoding` names; null where it takes none. */
export function encodingFor(accepted: string | undefined): Encoding | null {
  const taken = new Set(
    (accepted ?? "")
      .toLowerCase()
      .split(",")
      .map((part) => part.trim().split(/\s*;\s*/))
      .filter(([, q]) => q === undefined || !/^q=0(?:\.0*)?$/.test(q))
      .map(([name]) => name),
  );
  return taken.has("br") ? "br" : taken.has("gzip") ? "gzip" : null;
}

/** Compresses what is answered, where it is text and nobody has done so. */
export function compression(): MiddlewareHandler {
  return async (c, next) => {
    await next();
    const { headers, status, body } = c.res;
    if (!COMPRESSIBLE.test(headers.get("content-type") ?? "")) return;
    c.res.headers.append("vary", "accept-encoding");
    const encoding = encodingFor(c.req.header("accept-encoding"));
    if (encoding === null || body === null || status !== 200 || headers.has("content-encoding")) return;
    const bytes = new Uint8Array(await c.res.arrayBuffer());
    const shorter = bytes.length < LEAST ? null : await compressed(bytes, encoding);
    c.res = new Response(shorter === null ? bytes : new Uint8Array(shorter), { status, headers });
    if (shorter === null) return;
    c.res.headers.set("content-encoding", encoding);
    c.res.headers.delete("content-length");
  };
}
