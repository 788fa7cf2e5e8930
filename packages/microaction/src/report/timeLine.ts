// What every time line is made of: scale, lanes, times as text, colours of body parts. For browsers.
export { bodyPartHue } from './bodyPartColours.ts';
export { type Colour, contrast, cssColour, inkOn, mix, parseColour, standingOut } from './page/colour.ts';
export { assignLanes, firstEndingAfter, type Span } from './page/lanes.ts';
export { type Tick, TimeScale } from './page/timeScale.ts';
export { durationText, numberText, timeText } from './page/timeText.ts';
