import type { Child } from "hono/jsx";

/** The frame of every page. `base` is the relative way to the site's root (`./`, `../../`), so that pages work from any folder. */
export function Layout(props: { title: string; base: string; children: Child }) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{props.title}</title>
        <link rel="stylesheet" href={`${props.base}assets/style.css`} />
      </head>
      <body>
        <a class="skip" href="#main">
          Skip to the content
        </a>
        <header class="bar">
          <a class="name" href={props.base}>
            Tocsin
          </a>
          <nav aria-label="Main">
            <a href={`${props.base}#alerts`}>Alerts</a> <a href={`${props.base}#detections`}>Detections</a>
          </nav>
        </header>
        <main id="main">{props.children}</main>
        <footer>Tocsin runs on this machine alone: no page asks anything of the network.</footer>
      </body>
    </html>
  );
}
