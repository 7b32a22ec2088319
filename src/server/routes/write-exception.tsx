import { Frame, type PageContext } from "../parts/frame.tsx";
import type { ExceptionWriter } from "../state.ts";

/** Where an exception that the bench made is looked at once more and written. It comes behind the `#` of the address, which no server sees. */
export function WriteExceptionPage({ writer, place }: { writer: ExceptionWriter; place: PageContext }) {
  return (
    <Frame title="Write an exception" place={place}>
      <h1>Write an exception</h1>
      <p class="lead">
        This server was started with <code>--write</code>: what you confirm here is put into the package's <code>tuning.yaml</code> on this
        machine. Nothing else of it changes.
      </p>
      <script defer src={place.links.asset("write-exception.js")}></script>
      <div class="write-exception" data-token={writer.token}>
        <noscript>
          <p>This page needs JavaScript. Without it: paste the exception into tuning.yaml.</p>
        </noscript>
      </div>
    </Frame>
  );
}
