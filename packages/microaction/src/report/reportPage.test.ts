import { expect, it } from 'vitest';
import { syntheticDetection } from '../../test/syntheticDetection.ts';
import type { PageData } from './pageData.ts';
import { restore } from './quantised.ts';
import { reportPage } from './reportPage.ts';

const detection = syntheticDetection({ seconds: 20 });

/** What a browser would find in the page's data element. */
function dataOf(html: string): PageData {
  const [, json] = html.match(/<script type="application\/json" id="data">([^<]*)<\/script>/) as RegExpMatchArray;
  return JSON.parse(json);
}

it('carries any text without letting it become markup', () => {
  const hostile = `</script><script>alert(1)</script><!--<img src=x onerror=alert(2)> "$&" %data% \u2028`;
  const first = { ...detection.instances[0], reason: hostile };
  const html = reportPage({ detection: { ...detection, instances: [first] }, videoUrl: 'a.mp4', title: hostile });
  expect(html.match(/<script/g)).toHaveLength(2);
  expect(html).not.toContain('<img');
  const data = dataOf(html);
  expect(data.title).toBe(hostile);
  expect(data.instances[0].reason).toBe(hostile);
});

it('keeps key points within a twentieth of a pixel, and gaps as gaps', () => {
  const K = detection.pose.points.length;
  const x = detection.pose.x.slice();
  x[7 * K + 4] = Number.NaN;
  const { pose } = dataOf(
    reportPage({ detection: { ...detection, pose: { ...detection.pose, x } }, videoUrl: '', title: '' }),
  );
  const point = restore(pose!.x[4]);
  for (let t = 0; t < point.length; t++) {
    if (t === 7) expect(point[t]).toBeNaN();
    else expect(Math.abs(point[t] - x[t * K + 4])).toBeLessThan(0.0501);
  }
});

it('names an action that the taxonomy lacks', () => {
  const strange = { ...detection.instances[0], action: 'nodings' };
  expect(() => reportPage({ detection: { ...detection, instances: [strange] }, videoUrl: '', title: '' })).toThrow(
    'Did you mean "nodding"?',
  );
});

it('refers to nothing on a network', () => {
  expect(reportPage({ detection, videoUrl: 'a.mp4', title: 'a' })).not.toMatch(/https?:\/\/|@import|\bsrc="/);
});
