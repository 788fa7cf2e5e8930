import { microActions52 } from 'microaction';
import { describe, expect, it, vi } from 'vitest';
import type { Coding, InstanceBody } from '../../contract/coding.ts';
import type { FramePlayer } from '../player/framePlayer.ts';
import { FrameGrid } from '../timeline/frameGrid.ts';
import { inOrder, nextInstance } from '../timeline/order.ts';
import { nudged } from '../timeline/snapping.ts';
import type { TimeLine, TimeLineInstance } from '../timeline/timeLine.ts';
import { CodingStore } from './codingStore.ts';
import { Workbench } from './workbench.ts';

describe('a label', () => {
  it('makes half a second, on frames, at the playhead where nothing else is said', () => {
    const { bench, player, shown } = open();
    player.at = 2;
    bench.label('nodding');
    expect(shown()).toEqual([['nodding', 2, 2.48, 'coded']]);
    expect(bench.selected).toHaveLength(1);
  });

  it('corrects the selected instance of the same body part on its start frame, and leaves one of another alone', () => {
    const { bench, player, shown } = open({ a: body('nodding', 1, 3) });
    bench.select(['a']);
    player.at = 1;
    bench.label('shaking head');
    bench.select(['a']);
    bench.label('touching nose');
    expect(shown()).toEqual([
      ['touching nose', 1, 1.48, 'coded'],
      ['shaking head', 1, 3, 'coded'],
    ]);
  });

  it.each([-1, 1])('makes a new instance already %i frame from the start of the selected one', (frames) => {
    const { bench, player, store } = open({ a: body('nodding', 1, 3) });
    bench.select(['a']);
    player.seekFrame(25 + frames);
    bench.label('shaking head');
    expect(store.instances).toHaveLength(2);
    expect(store.get('a')?.action).toBe('nodding');
  });

  it('never replaces what was coded a moment ago: five labels of one body part, ten frames apart, are five', () => {
    const { bench, player, shown } = open();
    const actions = ['nodding', 'shaking head', 'bowing head', 'nodding', 'shaking head'];
    actions.forEach((action, i) => {
      player.seekFrame(10 * i);
      bench.label(action);
    });
    expect(shown().map(([action, start]) => [action, start])).toEqual(
      actions.map((action, i) => [action, round(0.4 * i)]),
    );
  });

  it('goes to the selection after R, whatever the body part, and takes it from the model', () => {
    const { bench, store } = open({ a: { ...body('nodding', 1, 3), state: 'proposed', score: 0.4, reason: 'so' } });
    bench.select(['a']);
    bench.command('relabel');
    bench.label('waving');
    expect(store.get('a')).toMatchObject({ action: 'waving', state: 'coded', score: null, reason: null });
    bench.undo();
    expect(store.get('a')).toMatchObject({ action: 'nodding', state: 'proposed', score: 0.4, reason: 'so' });
  });

  it('fills what I and O have marked', () => {
    const { bench, player, shown } = open();
    player.at = 1;
    bench.command('markStart');
    player.at = 3;
    bench.command('markEnd');
    bench.label('waving');
    // The frame that is seen at O belongs to it.
    expect(shown()).toEqual([['waving', 1, 3.04, 'coded']]);
    expect(bench.state.value.marks).toBeNull();
  });

  it('lasts as long as its key is held while the video plays, less the delay at both ends', () => {
    const { bench, player, shown } = open();
    bench.reactionDelaySeconds = 0.2;
    const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
    Object.assign(player, { at: 2, isPlaying: true });
    bench.labelDown('nodding');
    expect(bench.state.value.held).toEqual({ action: 'nodding', start: 1.8 });
    player.at = 3;
    bench.labelDown('touching nose');
    clock.mockReturnValue(2000);
    player.at = 4;
    bench.labelUp('nodding');
    player.at = 5;
    bench.labelUp('touching nose');
    clock.mockRestore();
    expect(shown()).toEqual([
      ['nodding', 1.8, 3.8, 'coded'],
      ['touching nose', 2.8, 4.8, 'coded'],
    ]);
  });
});

describe('marks', () => {
  it('move the edges of the selected instance, one entry to undo each', () => {
    const { bench, player, shown } = open({ a: body('nodding', 1, 3) });
    bench.select(['a']);
    player.at = 2;
    bench.command('markStart');
    player.at = 4;
    bench.command('markEnd');
    expect(shown()).toEqual([['nodding', 2, 4.04, 'coded']]);
    bench.undo();
    expect(shown()).toEqual([['nodding', 2, 3, 'coded']]);
  });

  it('begin a new one where the edge cannot be: a start after the end', () => {
    const { bench, player, shown } = open({ a: body('nodding', 1, 3) });
    bench.select(['a']);
    player.at = 5;
    bench.command('markStart');
    expect(bench.state.value).toMatchObject({ selection: [], marks: { start: 5 } });
    expect(shown()).toEqual([['nodding', 1, 3, 'coded']]);
  });
});

describe('proposals', () => {
  const proposals = {
    a: { ...body('nodding', 1, 2), state: 'proposed', score: 0.9 },
    b: { ...body('waving', 3, 4), state: 'proposed', score: 0.2 },
    c: body('shrugging', 5, 6),
    d: { ...body('bowing head', 7, 8), state: 'proposed', score: 0.6 },
  } as const;

  it('are accepted and rejected one after the other', () => {
    const { bench, shown } = open(proposals);
    bench.command('nextOpen');
    bench.command('accept');
    expect(bench.state.value.selection).toEqual(['b']);
    bench.command('reject');
    expect(bench.state.value.selection).toEqual(['d']);
    bench.command('accept');
    expect(shown().map(([, , , state]) => state)).toEqual(['coded', 'rejected', 'coded', 'coded']);
  });

  it('are accepted from a score on, and taken back by one undo', () => {
    const { bench, shown, store } = open(proposals);
    bench.accept(bench.proposalsFrom(0.5));
    expect(store.instances.filter(({ state }) => state === 'proposed').map(({ id }) => id)).toEqual(['b']);
    bench.undo();
    expect(shown().filter(([, , , state]) => state === 'proposed')).toHaveLength(3);
  });

  it('are turned down, not deleted; what a person coded is deleted', () => {
    const { bench, store } = open(proposals);
    bench.select(['a', 'c']);
    bench.command('remove');
    expect(store.get('a')).toMatchObject({ state: 'rejected' });
    expect(store.get('c')).toBeUndefined();
  });

  it('are said to be what became of them: rejected, rejected already, deleted', () => {
    const { bench, told } = open(proposals);
    for (const [id, command] of [
      ['a', 'remove'],
      ['a', 'remove'],
      ['c', 'reject'],
    ] as const) {
      bench.select([id]);
      bench.command(command);
    }
    expect(told).toEqual(['rejected', 'alreadyRejected', 'deleted']);
  });
});

describe('edges', () => {
  it('move by whole frames, and never past each other', () => {
    const { bench, player, shown } = open({ a: body('nodding', 1, 1.08) });
    bench.select(['a']);
    player.at = 1.08;
    for (let i = 0; i < 5; i++) bench.command('edgeEarlier');
    expect(shown()).toEqual([['nodding', 1, 1.04, 'coded']]);
    bench.command('bothLater');
    expect(shown()).toEqual([['nodding', 1.04, 1.08, 'coded']]);
  });

  it('that are typed the wrong way round or beyond the video are put right', () => {
    const { bench, shown } = open({ a: body('nodding', 1, 3) });
    bench.change([{ id: 'a', start: 99, end: 2 }]);
    expect(shown()).toEqual([['nodding', 2, 10, 'coded']]);
  });
});

it('changes nothing in a coding that can only be looked at, and says so', () => {
  const { bench, shown, told } = open({ a: body('nodding', 1, 3) }, { readOnly: true });
  bench.select(['a']);
  for (const command of ['reject', 'remove', 'markStart', 'edgeLater', 'undo', 'relabel'] as const)
    bench.command(command);
  bench.label('waving');
  expect(shown()).toEqual([['nodding', 1, 3, 'coded']]);
  expect(new Set(told)).toEqual(new Set(['readOnly']));
});

it('lets tab go on to the next control after the last instance', () => {
  const { bench } = open({ a: body('nodding', 1, 3), b: body('waving', 4, 5) });
  expect(bench.command('next')).toBe(true);
  expect(bench.command('next')).toBe(true);
  expect(bench.command('next')).toBe(false);
  expect(bench.state.value.selection).toEqual(['b']);
});

// ---- below: internals ----

function body(action: string, start: number, end: number): InstanceBody {
  return { action, start, end, state: 'coded', score: null, reason: null };
}

/** A workbench on a video of 10 seconds at 25 frames a second, with a server that never answers. */
function open(instances: Record<string, InstanceBody> = {}, { readOnly = false } = {}) {
  const listed = Object.entries(instances).map(([id, each]) => ({ id, version: 1, ...each }));
  const store = new CodingStore({ revision: 1, instances: listed, comments: [] } as unknown as Coding, {
    client: 'here',
    server: { load: () => new Promise(() => {}), send: () => new Promise(() => {}) },
    storage: { read: () => [], write: () => true, remove: () => {} },
  });
  const told: string[] = [];
  const host = { say: ({ what }: { what: string }) => void told.push(what), focus: () => {} };
  const bench = new Workbench({ store, taxonomy: microActions52, readOnly, reactionDelaySeconds: 0, host });
  const grid = new FrameGrid(
    Float64Array.from({ length: 250 }, (_, i) => i / 25),
    10,
  );
  const player = {
    at: 0,
    isPlaying: false,
    speed: 1,
    hasPicture: true,
    grid,
    get seconds() {
      return this.at;
    },
    get frame() {
      return grid.frameAt(this.at);
    },
    seek(seconds: number) {
      this.at = seconds;
    },
    seekFrame(frame: number) {
      this.at = grid.at(frame);
    },
    setLoop: () => {},
  };
  bench.attachPlayer(player as unknown as FramePlayer);
  bench.attachTimeLine(timeLineFor(bench, grid, player) as unknown as TimeLine);
  const shown = () => store.instances.map(({ action, start, end, state }) => [action, round(start), round(end), state]);
  return { bench, store, player, shown, told };
}

/** What the workbench asks of the time line, without a canvas. */
function timeLineFor({ store, state }: Workbench, grid: FrameGrid, player: { at: number }): Partial<TimeLine> {
  const all = () => inOrder(store.instances as unknown as TimeLineInstance[]);
  return {
    grid,
    setPlayhead: () => {},
    setSelection: () => {},
    setMarks: () => {},
    setPending: () => {},
    scrollIntoView: () => {},
    next: (id, direction, filter = () => true) => nextInstance(all(), id ?? player.at, direction, filter)?.id,
    nearestEdge: (seconds) => {
      const [id] = state.value.selection;
      const { start, end } = store.get(id)!;
      const edge = Math.abs(start - seconds) < Math.abs(end - seconds) ? 'start' : 'end';
      return { id, edge, seconds: edge === 'start' ? start : end };
    },
    nudged: (id, edge, frames) => ({ id, ...nudged(grid, store.get(id)!, edge, frames) }),
  };
}

const round = (seconds: number) => Math.round(seconds * 1000) / 1000;
