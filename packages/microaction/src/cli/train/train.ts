import { group } from '../group.ts';
import type { Session } from '../session.ts';
import { trainDetectionCommand } from './detection.ts';
import { trainRecognitionCommand } from './recognition.ts';

export const trainCommand = (session: Session) =>
  group(
    'train',
    'Train a model on videos with annotations.',
    [trainDetectionCommand, trainRecognitionCommand],
    session,
  );
