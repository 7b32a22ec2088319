import { plural } from "../../../report/index.ts";
import { CatalogueRows } from "./rows.tsx";
import { Frame, type PageContext } from "../../parts/frame.tsx";
import type { PackageView } from "../../package-view.ts";

/** Every package. */
export function CataloguePage({ views, place }: { views: readonly PackageView[]; place: PageContext }) {
  return (
    <Frame title="Detections" place={place} description="Detections tested against recorded attacks.">
      <h1>Detections</h1>
      {views.length === 0 ? (
        <p>
          No package was loaded. <code>tocsin new detection ID</code> begins one; rules of no package are listed beside it.
        </p>
      ) : (
        <>
          <p class="lead">{plural(views.length, "package")}, each with its rules, the recordings that test them, and what it misses.</p>
          <CatalogueRows views={views} place={place} />
        </>
      )}
    </Frame>
  );
}
