/**
 * `served`: by `tocsin serve`, where a folder's address shows its page. `written`: as files, which a browser may open straight from a disk,
 * where a folder's address shows a listing; links name `index.html` there.
 */
export type Face = "served" | "written";

/** How the page at a path links to others: always relative, so that the site works from any folder. */
export class PageLinks {
  readonly #up: string;
  readonly face: Face;
  readonly #assets: string;

  /**
   * @param path of the page from the site's root, `detections/T1021.002/`; null for a page shown at any address, which links from the root.
   * @param assets the version of the bundled styles and scripts.
   */
  constructor(path: string | null, face: Face, assets: string) {
    this.#assets = assets === "" ? "assets/" : `assets/${assets}/`;
    this.#up = path === null ? "/" : "../".repeat(path.split("/").length - 1) || "./";
    this.face = face;
  }

  /** @param target from the site's root: `rules/`, `detections/T1021.002/#rules`; "" is the start page. */
  to(target: string): string {
    const hash = target.indexOf("#");
    const path = hash < 0 ? target : target.slice(0, hash);
    const anchor = hash < 0 ? "" : target.slice(hash);
    const file = this.face === "written" && (path === "" || path.endsWith("/")) ? `${path}index.html` : path;
    return `${this.#up}${file.split("/").map(encodeURIComponent).join("/")}${anchor}`;
  }

  /** A bundled style or script; "" is their folder. */
  asset(name: string): string {
    return `${this.#up}${this.#assets}${name}`;
  }
}
