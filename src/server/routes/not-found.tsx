import { Frame, type Place } from "../parts/frame.tsx";

export function NotFoundPage({ place }: { place: Place }) {
  return (
    <Frame title="Not found" place={place}>
      <h1>There is no such page</h1>
      <p>
        <a href={place.way.to("")}>To the start</a>
      </p>
    </Frame>
  );
}
