import { randomUUID } from 'node:crypto';
import { storeModelCoding } from '../codings/modelCoding.ts';
import type { StudioContext } from '../context.ts';
import type { TestAnswer, TestPerson } from '../serverTesting.ts';

export { addVideo } from '../codings/codingsTesting.ts';

/** An action, its start and its end in seconds. */
export type Made = readonly [action: string, start: number, end: number];

/** Codes a video as a person does, and submits it unless told. @returns id of the coding */
export async function code(who: TestPerson, video: string, made: readonly Made[], submits = true): Promise<string> {
  const { id } = ok(await who.post(`/videos/${video}/codings`)).body;
  const changes = made.map(([action, start, end]) => ({
    ...{ id: randomUUID(), instance: randomUUID(), base: 0 },
    after: { action, start, end, state: 'coded', score: null, reason: null },
  }));
  if (changes.length > 0) ok(await who.post(`/codings/${id}/changes`, { changes }));
  if (submits) ok(await who.post(`/codings/${id}/submit`));
  return id;
}

/** What a model found, with its scores. @returns id of the coding */
export function detect(
  studio: StudioContext,
  video: { readonly id: string; readonly project: string },
  model: string,
  found: readonly (readonly [...Made, score: number])[],
): string {
  const instances = found.map(([action, start, end, score]) => ({ action, start, end, score }));
  return storeModelCoding(studio, video, model, instances).id;
}

/** @throws Error where the studio refused */
export function ok(answer: TestAnswer): TestAnswer {
  if (answer.status < 300) return answer;
  throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
}
