// What of the simulator needs Node: pictures, files, threads. The rest: index.ts.
export type { KeyPoints } from './output/keyPointFile.ts';
export { readKeyPoints } from './output/keyPointFileNode.ts';
export { renderClip } from './render/renderClip.ts';
export { type FilmStrip, type FilmStripOptions, filmStrips } from './sheet/filmStrips.ts';
export { sheetPage } from './sheet/sheetPage.ts';
export { sheetPicture } from './sheet/sheetPicture.ts';
export { type SynthesisOptions, type SynthesisProgress, type SynthesisRequest, synthesize } from './synthesizeNode.ts';
