import type { Command } from 'commander';
import { group } from '../group.ts';
import type { Session } from '../session.ts';
import { evaluateDetectionCommand } from './detection.ts';
import { evaluateRecognitionCommand } from './recognition.ts';

export const evaluateCommand = (session: Session): Command =>
  group(
    'evaluate',
    'Score predictions against what people coded.',
    [evaluateDetectionCommand, evaluateRecognitionCommand],
    session,
  );
