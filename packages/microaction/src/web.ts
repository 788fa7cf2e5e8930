// The door for browsers: WebCodecs.
export { openVideo } from './video/web.ts';
