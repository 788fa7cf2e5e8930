import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { open, readdir, rm, stat } from 'node:fs/promises';
import type { Selectable } from 'kysely';
import { fileError, UserError } from 'microaction';
import type { Upload } from '../../contract/video.ts';
import type { ProjectScope } from '../accounts/access.ts';
import type { StudioContext } from '../context.ts';
import { Refusal } from '../http/refusal.ts';
import { lookAt } from '../jobs/lookAt.ts';
import type { UploadTable } from '../store/tables.ts';
import { addVideos } from './addVideos.ts';
import { cleanName, placeInFolder, syncFolder } from './fileNames.ts';
import { InTurn } from './inTurn.ts';
import { sizeText } from './standing.ts';

type UploadRow = Selectable<UploadTable>;

/** In bytes. */
export const uploadLimits = {
  chunk: 8 * 2 ** 20,
  file: 64 * 2 ** 30,
  /** What is left free on the disk, so that the studio can go on saving. */
  reserve: 256 * 2 ** 20,
} as const;

/**
 * Begins to take a file, if there is room for it.
 *
 * @throws Refusal 413 `too-large`, 507 `disk-full`
 */
export async function beginUpload(
  studio: StudioContext,
  { project, caller }: ProjectScope,
  { name, sizeBytes }: { readonly name: string; readonly sizeBytes: number },
): Promise<Upload> {
  const { store, folder, now } = studio;
  if (sizeBytes > uploadLimits.file) {
    const message = `${name} has ${sizeText(sizeBytes)}; at most ${sizeText(uploadLimits.file)} are taken. Nothing was sent: copy the file into the data folder and open it from there.`;
    throw new Refusal(413, 'too-large', message);
  }
  const room = (await folder.freeBytes()) - uploadLimits.reserve - (await promisedBytes(studio));
  if (sizeBytes > room) throw diskFull(`${name} needs ${sizeText(sizeBytes)}, ${sizeText(Math.max(0, room))} are free`);
  const row = { id: randomUUID(), project: project.id, account: caller.account, name, sizeBytes } as const;
  const upload: UploadRow = { ...row, receivedBytes: 0, video: null, createdAt: now() };
  const file = await open(fileOf(studio, upload.id), 'wx');
  await file.close();
  await syncFolder(folder.inner('uploads'));
  store.run(store.sql.insertInto('upload').values(upload));
  return uploadView(upload);
}

/**
 * Takes the next bytes of a file; they are on the disk when this returns. The last ones make it a video of the project.
 * When a file is whole, no bytes at its end make it a video that an interruption kept from becoming one.
 *
 * @throws Refusal 409 `wrong-offset` with `{ receivedBytes }` where other bytes are expected, 507 `disk-full`,
 * 422 `not-a-video` ... for a file that is none: it is thrown away
 */
export function receiveChunk(
  studio: StudioContext,
  scope: ProjectScope,
  id: string,
  chunk: { readonly offsetBytes: number; readonly bytes: Uint8Array },
): Promise<Upload> {
  return turns.run(id, async () => {
    const upload = await uploadOf(studio, id);
    if (upload.video !== null) return uploadView(upload);
    const { offsetBytes, bytes } = chunk;
    if (offsetBytes !== upload.receivedBytes || offsetBytes + bytes.length > upload.sizeBytes) {
      const { receivedBytes, sizeBytes, name } = upload;
      const message = `${name}: found bytes ${offsetBytes} to ${offsetBytes + bytes.length}, expected to go on from ${receivedBytes} of ${sizeBytes}. What was received is kept: send from there.`;
      throw new Refusal(409, 'wrong-offset', message, { receivedBytes });
    }
    const free = await studio.folder.freeBytes();
    if (free < bytes.length + uploadLimits.reserve) throw diskFull(`${sizeText(free)} are free`);
    await append(studio, upload, chunk);
    const receivedBytes = offsetBytes + bytes.length;
    const { store } = studio;
    store.run(store.sql.updateTable('upload').set({ receivedBytes }).where('id', '=', id));
    const now = { ...upload, receivedBytes };
    return receivedBytes < upload.sizeBytes ? uploadView(now) : uploadView(await finish(studio, scope, now));
  });
}

/** Throws away what was received of a file. A video that it became stays. */
export function dropUpload(studio: StudioContext, id: string): Promise<void> {
  return turns.run(id, async () => {
    await rm(fileOf(studio, id), { force: true });
    studio.store.run(studio.store.sql.deleteFrom('upload').where('id', '=', id));
  });
}

export const uploadView = ({ id, name, sizeBytes, receivedBytes, video }: UploadRow): Upload => ({
  ...{ id, name, sizeBytes, receivedBytes, video },
});

/** At the start of a studio: throws away uploads that nobody has gone on with for a week. */
export async function clearOldUploads(studio: StudioContext): Promise<void> {
  const { store, folder } = studio;
  if (store.readOnly) return;
  const known = new Set(store.all(store.sql.selectFrom('upload').select('id')).map(({ id }) => id));
  const files = await readdir(folder.inner('uploads'));
  for (const name of files) {
    const stats = await stat(folder.inner('uploads', name)).catch(() => undefined);
    const isOld = stats !== undefined && Date.now() - stats.mtimeMs > keptMs;
    if (isOld || !known.has(name)) {
      await rm(folder.inner('uploads', name), { force: true }).catch((error) => studio.log(`${name}: ${error}`));
    }
    if (!isOld) known.delete(name);
  }
  // What is left of `known` has no file: dropped, or a video by now.
  for (const id of known) store.run(store.sql.deleteFrom('upload').where('id', '=', id));
}

// ---- below: internals ----

const keptMs = 7 * 24 * 3600 * 1000;

/** Between two chunks, at most, of a file that is being sent. */
const pauseMs = 10 * 60 * 1000;

/** Chunks of one file are taken one after another. */
const turns = new InTurn();

const fileOf = ({ folder }: StudioContext, id: string) => folder.inner('uploads', id);

/** What is still to come of files that are being sent now; one that nobody goes on with keeps no room. */
async function promisedBytes(studio: StudioContext): Promise<number> {
  const { store } = studio;
  let bytes = 0;
  for (const row of store.all(store.sql.selectFrom('upload').selectAll().where('video', 'is', null))) {
    const held = await stat(fileOf(studio, row.id)).catch(() => undefined);
    if (held && Date.now() - held.mtimeMs < pauseMs) bytes += row.sizeBytes - row.receivedBytes;
  }
  return bytes;
}

const diskFull = (what: string) =>
  new Refusal(
    507,
    'disk-full',
    `The disk of the data folder is full: ${what}. What was received is kept: free some space and send the file again.`,
  );

/** As it is now: another request may have come before. What is not on the disk any more was not received. */
async function uploadOf(studio: StudioContext, id: string): Promise<UploadRow> {
  const { store } = studio;
  const row = store.first(store.sql.selectFrom('upload').selectAll().where('id', '=', id));
  if (!row) throw new Refusal(404, 'not-found', 'There is no such upload any more. Send the file again.');
  const held = await stat(fileOf(studio, id)).catch(() => undefined);
  return { ...row, receivedBytes: Math.min(row.receivedBytes, held?.size ?? 0) };
}

async function append(
  studio: StudioContext,
  { id, name }: UploadRow,
  { offsetBytes, bytes }: { readonly offsetBytes: number; readonly bytes: Uint8Array },
): Promise<void> {
  try {
    await using file = await open(fileOf(studio, id), constants.O_WRONLY | constants.O_CREAT);
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await file.write(bytes, done, bytes.length - done, offsetBytes + done);
      done += bytesWritten;
    }
    await file.datasync();
  } catch (error) {
    const known = fileError(error, name, 'written');
    if (known instanceof UserError && known.code === 'disk-full')
      throw diskFull(`${name} stops at ${offsetBytes} bytes`);
    throw known;
  }
}

async function finish(studio: StudioContext, scope: ProjectScope, upload: UploadRow): Promise<UploadRow> {
  const { store, folder } = studio;
  const { id, name } = upload;
  const file = fileOf(studio, id);
  const facts = await lookAt(file, name).catch(async (error) => {
    if (!(error instanceof UserError)) throw error;
    await rm(file, { force: true });
    store.run(store.sql.deleteFrom('upload').where('id', '=', id));
    throw new Refusal(422, error.code, error.message);
  });
  const wanted = cleanName(name, facts.container);
  const path = await placeInFolder(folder, file, wanted);
  const [{ id: video }] = await addVideos(studio, scope, [path], { name: wanted, facts });
  store.run(store.sql.updateTable('upload').set({ video }).where('id', '=', id));
  await rm(file, { force: true });
  return { ...upload, video };
}
