/** A stretch of a picture, chosen by dragging over it. */
export interface Brush {
  /** In the picture's own units, the smaller first. */
  readonly from: number;
  readonly to: number;
}

/** Shorter drags are clicks. */
const LEAST = 4;

/** @param unitsOf the width of the picture in its own units. */
export function brushable(picture: SVGSVGElement, unitsOf: number, onBrush: (brush: Brush) => void): void {
  let began: number | null = null;
  let band: SVGRectElement | null = null;
  const at = (event: PointerEvent): number => {
    const { left, width } = picture.getBoundingClientRect();
    return ((event.clientX - left) / (width || 1)) * unitsOf;
  };
  const end = (): void => {
    began = null;
    band?.remove();
    band = null;
  };
  picture.addEventListener("pointerdown", (event) => {
    // A finger scrolls; it has the fields for times.
    if (event.pointerType === "touch" || event.button !== 0 || (event.target instanceof Element && event.target.closest("a") !== null))
      return;
    began = at(event);
    picture.setPointerCapture(event.pointerId);
  });
  picture.addEventListener("pointermove", (event) => {
    if (began === null) return;
    const to = at(event);
    if (band === null) {
      if (Math.abs(to - began) < LEAST) return;
      band = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      band.setAttribute("class", "band");
      band.setAttribute("y", "0");
      band.setAttribute("height", "100%");
      picture.append(band);
    }
    band.setAttribute("x", String(Math.min(began, to)));
    band.setAttribute("width", String(Math.abs(to - began)));
  });
  picture.addEventListener("pointerup", (event) => {
    const from = began;
    const isDrag = band !== null;
    const to = at(event);
    end();
    if (from !== null && isDrag) onBrush({ from: Math.min(from, to), to: Math.max(from, to) });
  });
  picture.addEventListener("pointercancel", end);
}
