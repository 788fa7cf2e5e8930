import type { Command } from 'commander';
import { group } from '../group.ts';
import type { Session } from '../session.ts';
import { submitDetectionCommand } from './detection.ts';
import { submitRecognitionCommand } from './recognition.ts';

export const submitCommand = (session: Session): Command =>
  group(
    'submit',
    'Make a submission to the MAC challenges.',
    [submitRecognitionCommand, submitDetectionCommand],
    session,
  );
