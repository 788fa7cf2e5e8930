import { createCanvas } from '@napi-rs/canvas';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import type { FilmStrip } from './filmStrips.ts';

/** Strips of all actions with pictures in plain colours, which take no time to draw: six each, and twelve in a reel. */
export function plainStrips(framePixels: number): FilmStrip[] {
  const film = (pictures: number, hue: number) => {
    const canvas = createCanvas(pictures * framePixels, framePixels);
    const context = canvas.getContext('2d');
    for (let i = 0; i < pictures; i++) {
      context.fillStyle = `hsl(${hue} 80% ${20 + (60 * i) / pictures}%)`;
      context.fillRect(i * framePixels, 0, framePixels, framePixels);
    }
    return canvas;
  };
  return microActions52.actions.map((action) => ({
    action,
    strip: film(6, action.id * 7),
    reel: film(12, action.id * 7),
    reelFrames: 12,
  }));
}
