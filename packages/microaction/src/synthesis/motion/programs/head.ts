import { drawBeats } from '../beats.ts';
import type { Program } from '../program.ts';

/** Head goes down and up repeatedly. */
const nodding: Program = ({ subject, durationSeconds, dice }) => {
  const degrees = dice.uniform(5, 11) * subject.vigour;
  const beats = drawBeats(dice, { durationSeconds, hertz: dice.uniform(1.3, 2.4) * subject.tempo, bout: [2, 5] });
  return {
    move(controls, { seconds }) {
      controls.head.pitch += degrees * beats.oneWay(seconds);
    },
  };
};

export const headPrograms: Readonly<Record<string, Program>> = { nodding };
