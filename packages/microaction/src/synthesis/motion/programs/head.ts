import type { Dice } from '../../../dice.ts';
import type { Turn } from '../../body/controls.ts';
import { drawBeats } from '../beats.ts';
import { drawDrift } from '../drift.ts';
import { type Moment, plateau, step } from '../moment.ts';
import type { Program } from '../program.ts';

/** Head goes down once, slowly or abruptly. */
const bowingHead = onceAbout('pitch', () => 1, { degrees: [15, 29], courses: { thereAndBack: 4, there: 1 } });

/** Head goes up once, slowly or abruptly: to look up, or from where it hung. */
const headUp = onceAbout('pitch', () => -1, { degrees: [12, 22], courses: { thereAndBack: 4, there: 1, home: 2 } });

/** Ear goes towards the shoulder. */
const tiltingHead = onceAbout('roll', eitherSide, {
  degrees: [9, 19],
  courses: { thereAndBack: 5, there: 1, home: 1 },
});

/** Face turns to the side or back once. */
const turningHead = onceAbout('yaw', eitherSide, {
  degrees: [18, 48],
  courses: { thereAndBack: 5, there: 1, home: 1 },
});

/** Head goes down and up repeatedly. */
const nodding: Program = ({ subject, durationSeconds, dice }) => {
  const degrees = dice.uniform(8, 14) * subject.vigour;
  const beats = drawBeats(dice, { durationSeconds, hertz: dice.uniform(1.3, 2.4) * subject.tempo, bout: [2, 5] });
  return {
    move({ head, face }, { seconds }) {
      const pitch = degrees * beats.oneWay(seconds);
      head.pitch += pitch;
      face.gazePitch -= eyesKeep * pitch;
    },
  };
};

/** Face turns left and right repeatedly. */
const shakingHead: Program = ({ subject, durationSeconds, dice }) => {
  const degrees = eitherSide(dice) * dice.uniform(8, 16) * subject.vigour;
  const beats = drawBeats(dice, { durationSeconds, hertz: dice.uniform(1.1, 2.2) * subject.tempo, bout: [2, 5] });
  return {
    move({ head, face }, { seconds }) {
      const yaw = degrees * beats.toAndFro(seconds);
      head.yaw += yaw;
      face.gazeYaw -= eyesKeep * yaw;
    },
  };
};

export const headPrograms: Readonly<Record<string, Program>> = {
  'bowing head': bowingHead,
  'head up': headUp,
  'tilting head': tiltingHead,
  'turning head': turningHead,
  nodding,
  'shaking head': shakingHead,
};

// ---- below: internals ----

/**
 * What of a single movement is within the act: there and back; there, to stay; or home from the other side, where the
 * head was before. Each sets out in the same direction.
 */
type Course = 'thereAndBack' | 'there' | 'home';

interface Once {
  readonly degrees: readonly [fewest: number, most: number];
  /** By weight. */
  readonly courses: Readonly<Partial<Record<Course, number>>>;
}

/** One movement of the head about one axis, in the direction (1 or -1) that is drawn for it. */
function onceAbout(
  axis: keyof Turn,
  drawDirection: (dice: Dice) => number,
  { degrees: range, courses }: Once,
): Program {
  return ({ subject, durationSeconds, dice }) => {
    // A movement that has a second or so at most can be all of an act; a longer act is held.
    const course = durationSeconds > longestStroke ? 'thereAndBack' : drawCourse(dice, courses);
    const over = course === 'thereAndBack' ? dice.uniform(0.22, 0.8) / subject.tempo : durationSeconds;
    const furthest = fastest * Math.min(over, course === 'thereAndBack' ? durationSeconds / 2 : durationSeconds);
    const degrees = drawDirection(dice) * Math.min(furthest, dice.uniform(...range) * subject.vigour);
    const back = over * dice.uniform(0.8, 1.4);
    const drift = drawDrift(dice, 4);
    const share = (now: Moment) => {
      if (course === 'there') return now.presence * step(now, over);
      if (course === 'home') return now.presence * (step(now, over) - 1);
      return plateau(now, over, back) * (1 + 0.04 * drift(now.seconds));
    };
    return {
      move({ head, face }, now) {
        const turn = degrees * share(now);
        head[axis] += turn;
        // One looks where one turns to, and the eyes go further than the head.
        if (axis === 'yaw') face.gazeYaw += 0.3 * turn;
        if (axis === 'pitch') face.gazePitch += 0.3 * turn;
      },
    };
  };
}

const longestStroke = 1.1;
/** Mean degrees a second from rest to rest. */
const fastest = 120;
/** Of a head's shake or nod, how much the eyes turn against it to keep to what they look at. */
const eyesKeep = 0.8;

function eitherSide(dice: Dice): number {
  return dice.chance(0.5) ? 1 : -1;
}

function drawCourse(dice: Dice, weights: Once['courses']): Course {
  return dice.weighted(Object.entries(weights) as [Course, number][]);
}
