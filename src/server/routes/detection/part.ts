import type { PackageView } from "../../package-view.ts";
import type { PageContext } from "../../parts/frame.tsx";

/** What every part of a detection's page is given. */
export interface PartProps {
  readonly view: PackageView;
  readonly place: PageContext;
}
