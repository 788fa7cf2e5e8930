// The door to files: written whole or not at all, with errors that say what to do.
export { demonstrationVideo } from './demonstrationVideo.ts';
export { fileError } from './fileError.ts';
export { writeAtomically } from './writeAtomically.ts';
