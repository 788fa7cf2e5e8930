import { UserError } from 'microaction';
import { describe, expect, it } from 'vitest';
import type { TestTasks } from './tasksTesting.ts';
import { TaskThread } from './taskThread.ts';

const thread = () => new TaskThread<TestTasks>(new URL('./tasksTesting.ts', import.meta.url));

describe('a thread for tasks', () => {
  it('gives each asker the answer to its own question', async () => {
    const one = thread();
    expect(await Promise.all([40, 1, 20].map((value) => one.run('double', value)))).toEqual([80, 2, 40]);
  });

  it('hands on what a task says to the caller, and tells it from bugs', async () => {
    const one = thread();
    const refused = await one.run('refuse', 'way').catch((error) => error);
    expect(refused).toBeInstanceOf(UserError);
    expect([refused.code, refused.message]).toEqual(['refused', 'No way.']);
    const bug = await one.run('fail', null).catch((error) => error);
    expect(bug).not.toBeInstanceOf(UserError);
    expect(bug.message).toContain('TypeError: a bug');
  });

  it('lets nobody wait for a thread that has ended, and starts another one', async () => {
    const one = thread();
    const waiting = one.run('double', 5000);
    await expect(Promise.all([waiting, one.run('crash', null)])).rejects.toThrow(/ended/);
    expect(await one.run('double', 2)).toBe(4);
  });
});
