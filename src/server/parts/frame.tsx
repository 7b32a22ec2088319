import type { Child } from "hono/jsx";
import type { PageLinks } from "../page-links.ts";

const BELL = "M8 1.5c-2.6 0-4 2-4 4.6 0 3-1 4.2-2 5.4h12c-1-1.2-2-2.4-2-5.4 0-2.6-1.4-4.6-4-4.6z";

/** The site's icon. */
export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path d="${BELL}" fill="#b5651d"/><circle cx="8" cy="13.4" r="1.5" fill="#b5651d"/></svg>\n`;

/**
 * What a page may load and send: its own files, and nothing to anyone. A worker made of a `blob:` inherits the policy, one from a file brings its
 * own, so the bench uses the former. `frame-ancestors` is of headers alone.
 */
export const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; worker-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'";

/** A part of the site, as the bar names it. */
export interface SitePart {
  readonly path: string;
  readonly name: string;
  /** Its pages, where the reader chooses between several. */
  readonly pages?: readonly { readonly path: string; readonly name: string }[];
}

export interface PageContext {
  readonly links: PageLinks;
  /** The page's own path from the root; null for a page shown at any address. */
  readonly path: string | null;
  /** Parts of the site that are there. */
  readonly parts: readonly SitePart[];
  /** Ids of the packages that have a page. */
  readonly packages: ReadonlySet<string>;
  /** The part this page belongs to; marked in the bar. */
  readonly part: string | null;
}

/** The frame of every page. */
export function Frame(props: { title: string; place: PageContext; children: Child; description?: string; class?: string }) {
  const { links, parts, part, path: at } = props.place;
  const siblings = parts.find(({ path }) => path === part)?.pages ?? [];
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        {links.face === "written" ? <meta http-equiv="Content-Security-Policy" content={POLICY} /> : null}
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        {props.description === undefined ? null : <meta name="description" content={props.description} />}
        <title>{props.title}</title>
        <link rel="icon" href={links.to("icon.svg")} type="image/svg+xml" />
        <link rel="stylesheet" href={links.asset("style.css")} />
        <script defer src={links.asset("catalog.js")}></script>
      </head>
      <body
        data-assets={links.asset("")}
        data-base={links.to("").replace(/index\.html$/, "")}
        {...(props.class === undefined ? {} : { class: props.class })}
      >
        <a class="skip" href="#main">
          Skip to the content
        </a>
        <header class="bar">
          <a class="name" href={links.to("")}>
            <Bell />
            Tocsin
          </a>
          <nav aria-label="Main">
            {parts.map(({ path, name }) => (
              <a href={links.to(path)} {...(path === part ? { "aria-current": "page" as const } : {})}>
                {name}
              </a>
            ))}
          </nav>
          <button type="button" class="open-search" hidden>
            Search <kbd>Ctrl K</kbd>
          </button>
        </header>
        <main id="main">
          {siblings.length > 1 && siblings.some(({ path }) => path === at) ? (
            <nav class="pages" aria-label="Pages of this part">
              {siblings.map(({ path, name }) => (
                <a href={links.to(path)} {...(path === at ? { "aria-current": "page" as const } : {})}>
                  {name}
                </a>
              ))}
            </nav>
          ) : null}
          {props.children}
        </main>
        <footer>
          <p>
            Tocsin runs on this machine alone. Nothing you open is uploaded: the page's Content-Security-Policy forbids every connection but
            to its own files.
          </p>
          <p>
            ATT&amp;CK names: <a href={links.to("attack/#licence")}>© 2025 The MITRE Corporation</a>.{" "}
            <a href={links.asset("THIRD-PARTY-NOTICES.txt")}>Licences of others</a>. <a href={links.to("design/")}>Design</a>
          </p>
        </footer>
      </body>
    </html>
  );
}

function Bell() {
  return (
    <svg class="bell" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={BELL} fill="currentColor" />
      <circle cx="8" cy="13.4" r="1.5" fill="currentColor" />
    </svg>
  );
}
