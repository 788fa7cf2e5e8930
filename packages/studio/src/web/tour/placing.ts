export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Where a note stands beside what it is about: below it, else above, left, right, wherever there is room; else over it,
 * at the bottom. All in CSS pixels of the window.
 */
export function placeNote(
  anchor: Box,
  note: Pick<Box, 'width' | 'height'>,
  room: Pick<Box, 'width' | 'height'>,
): { left: number; top: number } {
  const centreX = anchor.left + anchor.width / 2 - note.width / 2;
  const centreY = anchor.top + anchor.height / 2 - note.height / 2;
  const places = [
    { left: centreX, top: anchor.top + anchor.height + gap },
    { left: centreX, top: anchor.top - note.height - gap },
    { left: anchor.left - note.width - gap, top: centreY },
    { left: anchor.left + anchor.width + gap, top: centreY },
    { left: centreX, top: room.height - note.height - gap },
  ];
  const within = ({ left, top }: { left: number; top: number }) => ({
    left: Math.max(gap, Math.min(left, room.width - note.width - gap)),
    top: Math.max(gap, Math.min(top, room.height - note.height - gap)),
  });
  const isClear = ({ left, top }: { left: number; top: number }) =>
    left >= anchor.left + anchor.width ||
    left + note.width <= anchor.left ||
    top >= anchor.top + anchor.height ||
    top + note.height <= anchor.top;
  const moved = places.map(within);
  return moved.find(isClear) ?? moved.at(-1)!;
}

// ---- below: internals ----

/** Between a note, its anchor and the window's edges. */
const gap = 12;
