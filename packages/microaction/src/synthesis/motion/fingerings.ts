import { type Curls, evenCurls } from '../body/hand.ts';
import { drawBeats } from './beats.ts';
import type { Gesture } from './inFront.ts';
import { smooth } from './moment.ts';
import type { Situation } from './program.ts';

/** A way that fingers move while the hand is still. */
export interface Fingering {
  /** `lying`: how the fingers are bent at rest. */
  curlsAt(seconds: number, lying: Curls): Curls;
  /** How the hand is held, if it does not stay where it lies. */
  readonly held?: Omit<Gesture, 'at'>;
}

export function drawFingering(situation: Situation): Fingering {
  const draw = situation.dice.weighted([
    [drumming, 3],
    [tapping, 2],
    [rubbingThumb, 3],
    [counting, 2],
  ] as const);
  return draw(situation);
}

// ---- below: internals ----

/** Before the trunk, the thumb up. */
const shown: Omit<Gesture, 'at'> = {
  fingers: [-0.3, 0.6, 0.8],
  palm: [-0.75, 0.1, -0.35],
  elbow: [0.6, -1, -0.4],
  curls: evenCurls(0.3),
  spread: 0.5,
};

/** One finger after the other comes down, little finger first. */
function drumming({ subject, dice }: Situation): Fingering {
  const rate = dice.uniform(1.3, 2.2) * subject.tempo;
  const high = dice.uniform(0.7, 1) * Math.min(1, subject.vigour);
  const lifted = (seconds: number, i: number) => Math.max(0, Math.sin(2 * Math.PI * (rate * seconds + 0.13 * i)));
  return {
    curlsAt: (seconds, [thumb, ...others]) => {
      const curls = others.map((curl, i) => Math.max(0.34, curl) - 0.5 * high * lifted(seconds, i));
      return [thumb, ...curls] as unknown as Curls;
    },
  };
}

/** The index finger, seldom with the middle one, goes up and down. */
function tapping({ subject, durationSeconds, dice }: Situation): Fingering {
  const beats = drawBeats(dice, {
    durationSeconds,
    hertz: dice.uniform(2, 3.5) * subject.tempo,
    bout: [2, 7],
    pause: [0.2, 0.8],
  });
  const along = dice.chance(0.3) ? 0.8 : 0.1;
  return {
    curlsAt: (seconds, [thumb, index, middle, ring, little]) => {
      const up = 0.45 * beats.oneWay(seconds);
      return [thumb, Math.max(0.3, index) - up, Math.max(0.3, middle) - along * up, ring, little];
    },
  };
}

/** The thumb goes over the bent index finger, which gives way. */
function rubbingThumb({ subject, durationSeconds, dice }: Situation): Fingering {
  const hertz = dice.uniform(1.5, 2.8) * subject.tempo;
  const beats = drawBeats(dice, { durationSeconds, hertz, bout: [3, 8], pause: [0.2, 0.7] });
  const bent = dice.uniform(0.45, 0.7);
  return {
    held: shown,
    curlsAt: (seconds) => {
      const rubbed = beats.toAndFro(seconds);
      return [0.5 + 0.28 * rubbed, 0.48 - 0.14 * rubbed, bent - 0.05 * rubbed, bent + 0.08, bent + 0.12];
    },
  };
}

/** Fingers come out of a fist one by one, the index finger first, then bend again. */
function counting({ subject, durationSeconds, dice }: Situation): Fingering {
  const each = Math.min(durationSeconds / 2, dice.uniform(0.5, 0.9) / subject.tempo);
  const order = [4, 0, 1, 2, 3];
  const most = dice.integer(3, 5);
  return {
    held: shown,
    curlsAt: (seconds) => {
      const counted = (seconds / each) % (most + 1);
      const out = (i: number) => smooth((counted - order[i]) / 0.4) * smooth((most + 1 - counted) / 0.4);
      return [0, 1, 2, 3, 4].map((i) => 0.9 - 0.85 * (order[i] < most ? out(i) : 0)) as unknown as Curls;
    },
  };
}
