import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { syntheticDetection } from '../../../test/syntheticDetection.ts';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import { pageData } from '../pageData.ts';
import { instancesAsCsv, instancesAsJson } from './downloads.ts';
import { PageState } from './state.ts';

const detection = syntheticDetection({ seconds: 20 });
const nasty = 'says "so",\r\nin two lines';
const instances = [{ ...detection.instances[0], reason: nasty }, ...detection.instances.slice(1)];
const state = new PageState(
  pageData({ detection: { ...detection, instances }, videoUrl: '', title: 'a, b.mp4' }, microActions52),
);

it('a CSV reader reads back every field', () => {
  const rows = parse(instancesAsCsv(state.data, state.shown), { columns: true }) as Record<string, string>[];
  expect(rows).toHaveLength(instances.length);
  expect(rows[0]).toEqual({
    file: 'a, b.mp4',
    action: 'nodding',
    code: 'B1',
    body_part: 'head',
    start_s: '2',
    end_s: '4.6',
    duration_s: '2.6',
    score: '0.82',
    reason: nasty,
  });
});

it('JSON holds what is shown, in the form of the command line', () => {
  state.leastScore = 0.8;
  const { videos } = JSON.parse(instancesAsJson(state.data, state.shown));
  expect(videos[0]).toMatchObject({ file: 'a, b.mp4', duration: 20, fps: 15, width: 1080, height: 1296 });
  expect(videos[0].instances.map((instance: { code: string }) => instance.code)).toEqual(['B1', 'B5']);
});
