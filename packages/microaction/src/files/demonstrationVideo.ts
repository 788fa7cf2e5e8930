import { fileURLToPath } from 'node:url';

/** Path of the drawn video that ships with the package. */
export const demonstrationVideo = fileURLToPath(new URL('../../assets/demonstration.mp4', import.meta.url));
