import { armOf, type Limb, legOf, type Side } from '../body/limbs.ts';

/** What an action keeps busy. */
export interface LimbUse {
  /** Always, whichever side it is done with. */
  readonly always: readonly Limb[];
  /** `one` side, `both`, or `either` one or both. */
  readonly arms?: Sides;
  readonly legs?: Sides;
}

export type Sides = 'one' | 'both' | 'either';

/** By action. */
export const limbsOfActions: Readonly<Record<string, LimbUse>> = {
  'shaking body': { always: ['trunk'] },
  'sitting straightly': { always: ['trunk'] },
  shrugging: { always: ['shoulders'] },
  'turning around': { always: ['trunk', 'headYaw'] },
  'rising up': { always: ['trunk'], legs: 'both' },

  'bowing head': { always: ['headPitch'] },
  'head up': { always: ['headPitch'] },
  'tilting head': { always: ['headRoll'] },
  'turning head': { always: ['headYaw'] },
  nodding: { always: ['headPitch'] },
  'shaking head': { always: ['headYaw'] },

  'scratching arms': { always: [], arms: 'both' },
  'playing objects': { always: [], arms: 'both' },
  'putting hands together': { always: [], arms: 'both' },
  'rubbing hands': { always: [], arms: 'both' },
  'pointing oneself': { always: [], arms: 'one' },
  'clenching fist': { always: [], arms: 'either' },
  'stretching arms': { always: [], arms: 'either' },
  'retracting arms': { always: [], arms: 'either' },
  waving: { always: [], arms: 'one' },
  'spreading hands': { always: [], arms: 'either' },
  'hands touching fingers': { always: [], arms: 'both' },
  'other finger movements': { always: [], arms: 'either' },
  'illustrative gestures': { always: [], arms: 'either' },

  'shaking legs': { always: [], legs: 'either' },
  'curling legs': { always: [], legs: 'both' },
  'spread legs': { always: [], legs: 'both' },
  'closing legs': { always: [], legs: 'both' },
  'crossing legs': { always: [], legs: 'both' },
  'stretching feet': { always: [], legs: 'either' },
  'retracting feet': { always: [], legs: 'either' },
  tiptoe: { always: [], legs: 'either' },

  'scratching or touching neck': { always: [], arms: 'one' },
  'scratching or touching chest': { always: [], arms: 'one' },
  'scratching or touching back': { always: [], arms: 'one' },
  'scratching or touching shoulder': { always: [], arms: 'one' },
  'arms akimbo': { always: [], arms: 'either' },
  'crossing arms': { always: [], arms: 'both' },

  'playing or tidying hair': { always: [], arms: 'either' },
  'scratching or touching hindbrain': { always: [], arms: 'either' },
  'scratching or touching forehead': { always: [], arms: 'one' },
  'scratching or touching face': { always: [], arms: 'one' },
  'rubbing eyes': { always: [], arms: 'either' },
  'touching nose': { always: [], arms: 'one' },
  'touching ears': { always: [], arms: 'one' },
  'covering face': { always: [], arms: 'either' },
  'covering mouth': { always: [], arms: 'one' },
  'pushing glasses': { always: [], arms: 'one' },

  'patting legs': { always: [], arms: 'either' },
  'touching legs': { always: [], arms: 'either' },
  'scratching legs': { always: ['trunk'], arms: 'one', legs: 'both' },
  'scratching feet': { always: ['trunk'], arms: 'one', legs: 'both' },
};

/** Every set of limbs that an action may keep busy; both sides last. */
export function waysOf(action: string): (readonly Limb[])[] {
  const use = limbsOfActions[action];
  if (!use) throw new Error(`no limbs are given for the action ${action}`);
  return sets(use.arms, armOf).flatMap((arms) =>
    sets(use.legs, legOf).map((legs) => [...use.always, ...arms, ...legs]),
  );
}

// ---- below: internals ----

function sets(which: Sides | undefined, limbOf: (side: Side) => Limb): Limb[][] {
  if (which === undefined) return [[]];
  const both = [limbOf('left'), limbOf('right')];
  if (which === 'both') return [both];
  const one = both.map((limb) => [limb]);
  return which === 'one' ? one : [...one, both];
}
