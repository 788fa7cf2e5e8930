import { setTimeout } from 'node:timers/promises';
import { UserError } from 'microaction';
import { serveTasks } from './serveTasks.ts';

// Tasks to try a `TaskThread` with.

export type TestTasks = {
  double(value: number): Promise<number>;
  refuse(what: string): never;
  fail(_: null): never;
  crash(_: null): never;
};

serveTasks({
  async double(value: number) {
    await setTimeout(value); // the smaller is done first
    return 2 * value;
  },
  refuse(what: string) {
    throw new UserError('refused', `No ${what}.`);
  },
  fail() {
    throw new TypeError('a bug');
  },
  crash: () => process.exit(3),
} satisfies TestTasks);
