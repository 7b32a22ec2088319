declare const TOCSIN_BUILD: string | undefined;

/** What this program was built from, as the bundler writes it; null where it runs from its sources, which change. */
export const BUILD: string | null = typeof TOCSIN_BUILD === "string" ? TOCSIN_BUILD : null;
