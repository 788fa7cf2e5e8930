import { describe, expect, it } from 'vitest';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import { csv, tsv } from './csv.ts';

const read = (text: string, source = 'table.csv') => csv.read(text, { source, taxonomy: microActions52 }).dataset.clips;

describe('a plain table', () => {
  it('has one row an instance, and one for a video without any', () => {
    const clips = [
      {
        id: 'a',
        file: 'a.mp4',
        frameRate: 25,
        instances: [{ action: 'nodding', start: 1, end: 2.5, score: 0.5, reason: 'up, down' }],
      },
      { id: 'b', instances: [] },
    ];
    expect(csv.write({ taxonomy: microActions52, clips })).toBe(
      'video,action,code,body_part,start,end,score,reason,file,video_duration,fps,width,height,subset,subject\n' +
        'a,nodding,B1,head,1,2.5,0.5,"up, down",a.mp4,,25,,,,\n' +
        'b,,,,,,,,,,,,,,\n',
    );
    expect(tsv.write({ taxonomy: microActions52, clips })).toContain(
      'a\tnodding\tB1\thead\t1\t2.5\t0.5\tup, down\ta.mp4\t\t25',
    );
  });

  const instance = { action: 'nodding', start: 1.5, end: 62.25 };
  it.each([
    ['as we write it', 'video,action,start,end\na,nodding,1.5,62.25\n'],
    ['in another order, with capitals and units', 'End (s),Start (s),Video,Label\n62.25,1.5,a,B1\n'],
    ['with onset and offset', 'video_id,label,onset,offset\na,nod,1.5,62.25'],
    ['with onset and duration, as in BIDS', 'video\tonset\tduration\ttrial_type\na\t1.5\t60.75\tnodding'],
    ['with semicolons and decimal commas', '\uFEFFvideo;action;start;end\r\na;nodding;1,5;62,25\r\n'],
    ['with clock times', 'video,action,start,end\na,nodding,0:01.5,00:01:02.250'],
    ['with class ids', 'video,class,start,end\na,9,1.5,62.25'],
    ['with codes alone', 'video,code,start,end\na,B1,1.5,62.25'],
    ['with quotes, blanks and empty lines', '"video","action","start","end"\n\n"a"," Nodding ", 1.5 , 62.25 \n\n'],
  ])('is read %s', (_, text) => {
    expect(read(text)).toEqual([{ id: 'a', instances: [instance] }]);
  });

  it('names its only video after the file when no column does', () => {
    expect(read('action,start,end\nnodding,0,1\n', 'data/interview 3.csv')[0].id).toBe('interview 3');
  });

  it('keeps columns that it does not know', () => {
    const text = csv.write({
      taxonomy: microActions52,
      clips: read('video,action,start,end,Coder,note\na,nodding,0,1,Änne,\na,waving,0,1,Bo,"so, so"\n'),
    });
    const lines = text.split('\n').map((line) => line.replace(/,{2,}/g, '..'));
    expect(lines).toEqual([
      expect.stringMatching(/subject,coder,note$/),
      'a,nodding,B1,head,0,1..Änne,',
      'a,waving,C5,upper limb,0,1..Bo,"so, so"',
      '',
    ]);
  });

  it('tells all errors at once, by line', () => {
    const text =
      'video,action,start,end,score,fps\na,noding,0,1,,\na,nodding,x,2,,25\na,nodding,2,1,2,30\na,nodding,,1,,-1\n';
    const lines = [
      'table.csv has 7 problems:',
      'line 2, action: There is no action "noding" in the taxonomy micro-actions-52. Did you mean "nodding"?',
      'line 3, start: found "x", expected a number',
      'line 4: frameRate of "a": found 30, and 25 before',
      'line 4: start 2 must be before end 1',
      'line 4, score: found 2, expected 0 to 1',
      'line 5, fps: found -1, expected a number above 0',
      'line 5, start: found nothing, expected seconds',
    ];
    expect(() => read(text)).toThrow(lines.join('\n  '));
  });

  it.each([
    ['nothing', '', 'table.csv is empty'],
    [
      'a header without times',
      'video,action\n',
      'table.csv: found the columns "video", "action"; expected at least action, start and end',
    ],
    ['prose', 'Dear reader,\nhow are you?\n', 'found the columns "Dear reader", ""'],
  ])('of %s is refused', (_, text, message) => {
    expect(() => read(text)).toThrow(message);
  });
});
