import type { Child } from "hono/jsx";
import type { PackageView } from "../package-view.ts";

/**
 * A part of a page that shows what is measured. Until that is done a served page says so in its place, and its script asks for the page
 * again (`islands/measured.ts`): nobody waits for the numbers to read the rest.
 *
 * @param id unique on the page.
 * @param instead what stands there until then; left out, a sentence.
 */
export function Measured(props: { of: readonly PackageView[]; id: string; children: () => Child; instead?: Child }) {
  const { of, id, children, instead } = props;
  const isMeasured = of.every((view) => view.isMeasured);
  return (
    <div id={id} {...(isMeasured ? {} : { "data-pending": "" })}>
      {isMeasured
        ? children()
        : (instead ?? (
            <p class="soft" role="status">
              The rules run on the recorded attacks now; the numbers will be here in some seconds.
              <noscript> Reload the page to see them.</noscript>
            </p>
          ))}
    </div>
  );
}
