import { describe, expect, it } from 'vitest';
import { microActions52 } from '../taxonomy/microActions52.ts';
import { readEmotions } from './emotionTable.ts';
import { labelledClips } from './labelledClips.ts';

const read = (text: string) => readEmotions(text, 'emotions.csv');

describe('a table of emotions', () => {
  it('has a row a video, columns in any order, more columns than needed', () => {
    expect(read('emotion;video_id;subject;note;duration\njoy;v1;s1;"a; b";12.5\nfear;v2;s1;;\n')).toEqual([
      { video: 'v1', subject: 's1', emotion: 'joy', durationSeconds: 12.5, line: 2 },
      { video: 'v2', subject: 's1', emotion: 'fear', durationSeconds: undefined, line: 3 },
    ]);
  });

  it('names the columns that are missing', () => {
    expect(() => read('video_id,emotion\nv1,joy\n')).toThrow(
      'emotions.csv: found the columns "video_id", "emotion"; expected video_id, subject and emotion; missing: subject',
    );
    expect(() => read('video_id,subject\n')).toThrow(/missing: emotion/);
  });

  it('names each row and column that is wrong', () => {
    const text = 'video_id,subject,emotion,duration\nv1,,joy,\nv2,s1,,0\nv1,s2,joy,long\n';
    expect(() => read(text)).toThrow(/line 2, subject: found nothing, expected who is seen/);
    expect(() => read(text)).toThrow(/line 3, emotion: found nothing/);
    expect(() => read(text)).toThrow(/line 3, duration: found "0", expected seconds above 0/);
    expect(() => read(text)).toThrow(/line 4, duration: found "long"/);
    expect(() => read(text)).toThrow(/line 4, video_id: found "v1", which line 2 has too/);
    expect(() => read('video_id,subject,emotion\n')).toThrow(/no row below/);
  });
});

describe('videos of a table of emotions', () => {
  const clip = (id: string, durationSeconds?: number) => ({ id, durationSeconds, instances: [] });
  const taxonomy = microActions52;

  it('are matched by id or by file name, and take the length that the table says', () => {
    const labels = read('video_id,subject,emotion,duration\nb.2,s,joy,\ntalk,s,joy,7\n');
    const clips = [clip('videos/talk.mp4', 5), clip('b.2', 9), clip('other', 1)];
    const found = labelledClips(labels, 'emotions.csv', { taxonomy, clips });
    expect(found.clips).toEqual([clip('b.2', 9), clip('videos/talk.mp4', 7)]);
    expect(found.unlabelled).toEqual(['other']);
  });

  it('must be known, and once', () => {
    const labels = read('video_id,subject,emotion\nlost,s,joy\ntalk,s,joy\n');
    const clips = [clip('a/talk.mp4'), clip('b/talk.mp4')];
    const join = () => labelledClips(labels, 'emotions.csv', { taxonomy, clips });
    expect(join).toThrow(/line 2, video_id: found "lost", which no annotation has/);
    expect(join).toThrow(/line 3, video_id: found "talk", which 2 annotations have/);
    const twice = read('video_id,subject,emotion\ntalk,s,joy\ntalk.mp4,s,fear\n');
    expect(() => labelledClips(twice, 'emotions.csv', { taxonomy, clips: clips.slice(1) })).toThrow(
      /line 3, video_id: found "talk.mp4", the video of line 2 again/,
    );
  });
});
