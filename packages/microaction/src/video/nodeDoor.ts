// The door to video files in Node, down to their packets: light, for processes that do nothing else.
export { FramePositions } from './framePositions.ts';
export { framesAtRate } from './frameTimes.ts';
export { Container, ticks } from './libavContainer.ts';
export { openDecoder, PictureMaker, type PixelKind } from './libavPictures.ts';
export { type IndexedVideo, indexVideo, openVideo } from './node.ts';
export { pictureLayout } from './pictureLayout.ts';
