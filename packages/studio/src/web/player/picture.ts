/** Sizes and places in CSS pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** What of the picture is looked at: 1 shows all of it; `x`, `y` are the middle, as shares of width and height. */
export interface View {
  readonly zoom: number;
  readonly x: number;
  readonly y: number;
}

export const wholePicture: View = { zoom: 1, x: 0.5, y: 0.5 };
export const mostZoom = 12;

/** Where the picture stands on its stage: as large as fits, with bars at two sides, times the zoom. */
export function pictureBox(stage: Size, picture: Size, view: View = wholePicture): Box {
  const fit = Math.min(stage.width / picture.width, stage.height / picture.height);
  const width = picture.width * fit * view.zoom;
  const height = picture.height * fit * view.zoom;
  return {
    left: placed(stage.width, width, view.x),
    top: placed(stage.height, height, view.y),
    width,
    height,
  };
}

/** The view in which the point under the pointer keeps its place. */
export function zoomedAt(view: View, factor: number, at: { x: number; y: number }, stage: Size, picture: Size): View {
  const before = pictureBox(stage, picture, view);
  const zoom = Math.min(mostZoom, Math.max(1, view.zoom * factor));
  const share = { x: (at.x - before.left) / before.width, y: (at.y - before.top) / before.height };
  const after = pictureBox(stage, picture, { ...view, zoom });
  return within(
    {
      zoom,
      x: share.x + (stage.width / 2 - at.x) / after.width,
      y: share.y + (stage.height / 2 - at.y) / after.height,
    },
    stage,
    picture,
  );
}

/** The view moved with a pointer that drags the picture so many pixels. */
export function dragged(view: View, pixels: { x: number; y: number }, stage: Size, picture: Size): View {
  const { width, height } = pictureBox(stage, picture, view);
  return within({ zoom: view.zoom, x: view.x - pixels.x / width, y: view.y - pixels.y / height }, stage, picture);
}

/** The view that shows a region of the picture (shares) as large as fits. */
export function viewOf(region: Box, stage: Size, picture: Size): View {
  const fit = Math.min(stage.width / picture.width, stage.height / picture.height);
  const across = stage.width / (region.width * picture.width * fit);
  const down = stage.height / (region.height * picture.height * fit);
  const zoom = Math.min(mostZoom, Math.max(1, Math.min(across, down)));
  const middle = { zoom, x: region.left + region.width / 2, y: region.top + region.height / 2 };
  return within(middle, stage, picture);
}

// ---- below: internals ----

/** Centred where it is smaller than the stage; otherwise around the middle looked at, without a gap at a side. */
function placed(room: number, size: number, middle: number): number {
  if (size <= room) return (room - size) / 2;
  return Math.min(0, Math.max(room - size, room / 2 - middle * size));
}

/** The same place by numbers that are not beyond what can be seen, so that the next drag starts at once. */
function within(view: View, stage: Size, picture: Size): View {
  const { left, top, width, height } = pictureBox(stage, picture, view);
  return { zoom: view.zoom, x: (stage.width / 2 - left) / width, y: (stage.height / 2 - top) / height };
}
