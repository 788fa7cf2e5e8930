import type { Command } from 'commander';
import { group } from '../group.ts';
import type { Session } from '../session.ts';
import { convertCommand } from './convert.ts';
import { inspectCommand } from './inspect.ts';

export const weightsCommand = (session: Session): Command =>
  group(
    'weights',
    'Look into files of trained weights (PyTorch, safetensors, NumPy), and make models of them.',
    [inspectCommand, convertCommand],
    session,
  );
