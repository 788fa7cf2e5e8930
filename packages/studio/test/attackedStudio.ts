import { addVideo } from '../src/server/codings/codingsTesting.ts';
import type { StudioContext } from '../src/server/context.ts';
import type { TestStudio } from '../src/server/serverTesting.ts';

/** One of everything that paths name, in a project of `me`: what a stranger would like to reach. */
export async function withOneOfEach(studio: TestStudio): Promise<Record<string, string>> {
  await studio.team();
  const { solo, context, project } = studio;
  const video = addVideo(context, project);
  const coding = addCoding(context, video, solo.account.id, 'c1');
  const { body: token } = await solo.post('/tokens', { name: 'the victim’s' });
  const { body: upload } = await solo.post(`/projects/${project}/uploads`, { name: 'a.mp4', sizeBytes: 100 });
  const job = addJob(context, project, video, 'j1');
  return {
    project,
    video,
    coding,
    job,
    upload: upload.id,
    token: token.id,
    account: solo.account.id,
    figure: 'ethogram',
  };
}

// ---- below: internals ----

function addCoding({ store, now }: StudioContext, video: string, account: string, id: string): string {
  const row = { id, video, kind: 'coder' as const, account, model: null, status: 'open' as const, revision: 0 };
  store.run(store.sql.insertInto('coding').values({ ...row, submittedAt: null, createdAt: now() }));
  return id;
}

function addJob({ store, now }: StudioContext, project: string, video: string, id: string): string {
  const row = { id, project, video, kind: 'detect' as const, model: null, status: 'failed' as const, error: 'stopped' };
  store.run(
    store.sql.insertInto('job').values({ ...row, attempts: 1, account: null, createdAt: now(), finishedAt: now() }),
  );
  return id;
}
