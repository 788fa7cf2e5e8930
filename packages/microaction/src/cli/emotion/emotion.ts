import type { Command } from 'commander';
import { group } from '../group.ts';
import type { Session } from '../session.ts';
import { emotionEvaluateCommand } from './evaluate.ts';
import { emotionFeaturesCommand } from './features.ts';
import { emotionPredictCommand } from './predict.ts';
import { emotionTrainCommand } from './train.ts';

export const emotionCommand = (session: Session): Command =>
  group(
    'emotion',
    'Tell emotions from the micro-actions of a video: measure, train, evaluate by subject, predict.',
    [emotionFeaturesCommand, emotionTrainCommand, emotionEvaluateCommand, emotionPredictCommand],
    session,
  );
