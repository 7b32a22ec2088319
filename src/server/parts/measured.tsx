import type { Child } from "hono/jsx";

/**
 * A part of a page that shows what is measured. Until that is done a served page says so in its place, and its script asks for the page
 * again (`islands/measured.ts`): nobody waits for the numbers to read the rest.
 *
 * @param when it is measured.
 * @param id unique on the page.
 * @param instead what stands there until then; left out, a sentence.
 */
export function Measured(props: { when: boolean; id: string; children: () => Child; instead?: Child }) {
  const { when, id, children, instead } = props;
  return (
    <div id={id} {...(when ? {} : { "data-pending": "" })}>
      {when
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
