import { Frame, type PageContext } from "../parts/frame.tsx";

export function NotFoundPage({ place }: { place: PageContext }) {
  return (
    <Frame title="Not found" place={place}>
      <h1>There is no such page</h1>
      <p>
        <a href={place.links.to("")}>To the start</a>
      </p>
    </Frame>
  );
}
