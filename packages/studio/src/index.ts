// The door to the studio.
export { type OpenStudio, type OpenStudioOptions, openStudio } from './server/openStudio.ts';
