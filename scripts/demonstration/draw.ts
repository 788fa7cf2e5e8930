import { cross, dot, minus, unit, type Vector } from '../../packages/microaction/src/synthesis/body/vector.ts';
import { DistanceField } from './distanceField.ts';
import { backdrop } from './room.ts';
import type { Colour, Shadow, Solid } from './solids.ts';

/** What stands in front of the camera. */
export interface Scene {
  readonly solids: readonly Solid[];
  readonly shadows: readonly Shadow[];
}

/** Where the camera is. */
export const eye: Vector = [0, 1.12, 3.6];
const lookAt: Vector = [0, 0.63, 0.1];
/** Height of the picture at a distance of 1. */
const opening = 0.485;
const keyLight = unit([-0.5, 0.75, 0.65]);
const fillLight = unit([0.8, 0.25, 0.5]);

/**
 * Draws a scene by following the sight of each pixel until it meets a solid.
 *
 * @returns RGBA, 8 bits, [height, width, 4]
 */
export function draw(scene: Scene, width: number, height: number): Uint8ClampedArray {
  const field = new DistanceField(scene.solids);
  const camera = cameraOf(width, height);
  const tiles = tilesOf(field, camera, width, height);
  const tileColumns = Math.ceil(width / tilePixels);
  const screen = new Float32Array(width * height * 3);
  const seen = new Int16Array(width * height).fill(-1); // which solid
  const depth = new Float32Array(width * height);
  const at = (x: number, y: number): Hit => {
    const tile = tiles[Math.floor(y / tilePixels) * tileColumns + Math.floor(x / tilePixels)];
    return look(scene, field, tile, camera.ray(x, y));
  };

  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const hit = at(x + 0.5, y + 0.5);
      screen.set(hit.colour, 3 * i);
      seen[i] = hit.shape < 0 ? -1 : hit.fine ? -2 : field.solidOf[hit.shape];
      depth[i] = hit.metres;
    }
  }
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x;
      const differs = (j: number) => seen[j] !== seen[i] || depth[j] - depth[i] > 0.02 || depth[i] - depth[j] > 0.02;
      if (seen[i] !== -2 && !differs(i - 1) && !differs(i + 1) && !differs(i - width) && !differs(i + width)) continue;
      const rays = [
        at(x + 0.375, y + 0.125),
        at(x + 0.875, y + 0.375),
        at(x + 0.125, y + 0.625),
        at(x + 0.625, y + 0.875),
      ];
      for (let c = 0; c < 3; c++) screen[3 * i + c] = rays.reduce((sum, { colour }) => sum + colour[c], 0) / 4;
    }
  }
  return developed(screen, width, height);
}

// ---- below: internals ----

interface Camera {
  readonly focalPixels: number;
  /** The way a pixel looks. */
  ray(x: number, y: number): Vector;
}

function cameraOf(width: number, height: number): Camera {
  const forward = unit(minus(lookAt, eye));
  const right = unit(cross(forward, [0, 1, 0]));
  const up = cross(right, forward);
  const focalPixels = height / opening;
  return {
    focalPixels,
    ray(x, y) {
      const [h, v] = [(x - width / 2) / focalPixels, (height / 2 - y) / focalPixels];
      return unit([
        forward[0] + right[0] * h + up[0] * v,
        forward[1] + right[1] * h + up[1] * v,
        forward[2] + right[2] * h + up[2] * v,
      ]);
    },
  };
}

const tilePixels = 16;
/** How far shapes shade each other. */
const shadeMetres = 0.07;
/** How far they bulge where they melt into each other. */
const meltMetres = 0.035;

interface Tile {
  readonly shapes: Uint16Array;
  /** Where along the sight the shapes begin and end. */
  readonly from: number;
  readonly to: number;
}

/** For each tile of the picture, the shapes that can matter in it. */
function tilesOf(field: DistanceField, camera: Camera, width: number, height: number): Tile[] {
  const all = Uint16Array.from(field.shapes.keys());
  // From the middle of a tile to its corner, at the distance of the wall.
  const half = (5 * tilePixels) / (Math.SQRT2 * camera.focalPixels);
  const tiles: Tile[] = [];
  for (let y = tilePixels / 2; y < height + tilePixels / 2; y += tilePixels) {
    for (let x = tilePixels / 2; x < width + tilePixels / 2; x += tilePixels) {
      const shapes = field.along(eye, camera.ray(x, y), shadeMetres + half, all).slice();
      const [from, to] = field.range(eye, shadeMetres, shapes);
      tiles.push({ shapes, from, to });
    }
  }
  return tiles;
}

interface Hit {
  /** As shown on a screen. */
  readonly colour: Colour;
  /** Which shape; -1 where the sight passes all. */
  readonly shape: number;
  readonly metres: number;
  /** Whether there may be detail finer than a pixel. */
  readonly fine: boolean;
}

function look(scene: Scene, field: DistanceField, { shapes, from, to }: Tile, [dx, dy, dz]: Vector): Hit {
  let metres = from;
  const inSight = shapes.length > 0 ? field.along(eye, [dx, dy, dz], meltMetres, shapes) : shapes;
  for (let step = 0; step < 150 && metres < to && inSight.length > 0; step++) {
    const [x, y, z] = [eye[0] + dx * metres, eye[1] + dy * metres, eye[2] + dz * metres];
    const d = field.distance(x, y, z, inSight);
    if (d < 0.0008) {
      const shape = field.nearest;
      const { paint } = field.shapes[shape];
      const colour = paint.colourAt?.(x, y, z) ?? paint.colour;
      const normal = normalAt(field, inSight, x, y, z);
      const open = openness(field, shapes, [x, y, z], normal);
      const shade = lit(colour, normal, [-dx, -dy, -dz], open, paint.gloss, paint.softness);
      return { colour: shown(shade), shape, metres, fine: paint.colourAt !== undefined };
    }
    metres += 0.95 * d;
  }
  return { colour: shown(backdrop(eye, [dx, dy, dz], scene.shadows)), shape: -1, metres: 9, fine: false };
}

function normalAt(field: DistanceField, shapes: Uint16Array, x: number, y: number, z: number): Vector {
  const e = 0.001;
  const a = field.distance(x + e, y - e, z - e, shapes);
  const b = field.distance(x - e, y - e, z + e, shapes);
  const c = field.distance(x - e, y + e, z - e, shapes);
  const d = field.distance(x + e, y + e, z + e, shapes);
  return unit([a - b - c + d, -a - b + c + d, -a + b - c + d]);
}

/** 1 in the open, towards 0 in folds and under what is near. */
function openness(field: DistanceField, shapes: Uint16Array, [x, y, z]: Vector, [nx, ny, nz]: Vector): number {
  let closed = 0;
  for (const [h, weight] of [
    [0.015, 0.3],
    [0.04, 0.35],
    [shadeMetres, 0.35],
  ]) {
    const d = field.distance(x + nx * h, y + ny * h, z + nz * h, shapes);
    closed += weight * Math.max(0, 1 - d / h);
  }
  return Math.max(0, 1 - 0.95 * closed);
}

function lit(paint: Colour, n: Vector, view: Vector, open: number, gloss: number, softness: number): Colour {
  const key = Math.max(0, (dot(n, keyLight) + softness) / (1 + softness)) * (0.45 + 0.55 * open);
  const fill = Math.max(0, (dot(n, fillLight) + 0.4) / 1.4) * open;
  const sky = (0.62 + 0.38 * n[1]) * open;
  const half = unit([keyLight[0] + view[0], keyLight[1] + view[1], keyLight[2] + view[2]]);
  const shine = gloss * 0.35 * Math.max(0, dot(n, half)) ** 30 * open;
  const rim = 0.08 * (1 - Math.max(0, dot(n, view))) ** 3 * open;
  const warm: Colour = [0.86, 0.82, 0.74];
  const cool: Colour = [0.36, 0.4, 0.45];
  return [0, 1, 2].map(
    (c) => paint[c] * (warm[c] * key + 0.2 * fill + cool[c] * sky) + shine + rim * (0.3 + paint[c]),
  ) as unknown as Colour;
}

/** As a screen wants it: edges look smooth when they are averaged so, not as light. */
const shown = (light: Colour) => light.map((value) => Math.min(1, value) ** (1 / 2.2)) as unknown as Colour;

/** To bytes, with the grain of a sensor, the same in every frame. */
function developed(screen: Float32Array, width: number, height: number): Uint8ClampedArray {
  const bytes = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < width * height; i++) {
    let hash = Math.imul(i ^ 0x5bd1e995, 0x27d4eb2d);
    hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
    const grain = ((hash >>> 16) / 65535 - 0.5) * 2.4;
    for (let c = 0; c < 3; c++) bytes[4 * i + c] = 255 * screen[3 * i + c] + grain;
    bytes[4 * i + 3] = 255;
  }
  return bytes;
}
