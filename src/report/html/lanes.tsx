import { jsx, type Child } from "hono/jsx";
import { UTC, type TimeZone } from "../../workbench/index.ts";
import { lanesView, type LaneAct } from "../view/lanes.ts";
import { lanesPicture, type PictureNode } from "../view/lanes-picture.ts";
import { WORDS } from "../words.ts";
import { Scroll } from "./marks.tsx";

/** Acts between hosts along the time. `link`: where an act is told in words. Nothing where none has a time and a host. */
export function Lanes({ of, zone = UTC, link }: { of: readonly LaneAct[]; zone?: TimeZone; link: (id: string) => string }) {
  const view = lanesView(of, { zone });
  if (view === null) return <p class="soft">{WORDS.noTimes}</p>;
  return (
    <>
      <Scroll label={view.label} class="lanes-box">
        {drawn(lanesPicture(view, link))}
      </Scroll>
      {view.notes.map((note) => (
        <p class="soft">{note}</p>
      ))}
    </>
  );
}

function drawn({ tag, attributes, children }: PictureNode): Child {
  return jsx(tag, { ...attributes }, ...children.map((child) => (typeof child === "string" ? child : drawn(child))));
}
