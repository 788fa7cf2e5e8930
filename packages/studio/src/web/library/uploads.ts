import type { Upload } from '../../contract/video.ts';
import { ApiProblem, api } from '../api/client.ts';

/** A file on its way to the studio. */
export interface Transfer {
  /** By name, size and time of change: the same file dropped again goes on where it stopped. */
  readonly key: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly sentBytes: number;
  /** `waiting`: the studio does not answer; `fileNeeded`: begun before the page was loaded anew. */
  readonly state: 'queued' | 'sending' | 'paused' | 'waiting' | 'fileNeeded' | 'failed' | 'done';
  /** What it became. */
  readonly video: string | null;
  readonly error: unknown;
}

export interface UploadsOptions {
  /** Of one request. */
  readonly chunkBytes?: number;
  /** How many files are sent at once. */
  readonly atOnce?: number;
  /** Before a studio that did not answer is tried again. */
  readonly waitMs?: number;
  /** Remembers what was begun over a new load of the page. */
  readonly storage?: Pick<Storage, 'getItem' | 'setItem'>;
}

/** Whether the studio has looked into the file and will not have it. */
export const isRefused = (error: unknown): boolean => error instanceof ApiProblem && error.status === 422;

/**
 * Sends files to a project in chunks, which can be paused, interrupted, and go on after a new load of the page or a new
 * start of the studio.
 */
export class Uploads {
  readonly #project: string;
  readonly #options: Required<UploadsOptions>;
  readonly #files = new Map<string, File>();
  readonly #stops = new Map<string, AbortController>();
  readonly #ids = new Map<string, string>();
  readonly #listeners = new Set<() => void>();
  #transfers: readonly Transfer[] = [];
  /** Hears of each video that is whole. */
  onVideo: (video: string, transfer: Transfer) => void = () => {};

  constructor(project: string, options: UploadsOptions = {}) {
    this.#project = project;
    const { chunkBytes = 8 * 2 ** 20, atOnce = 2, waitMs = 2000, storage = localStorage } = options;
    this.#options = { chunkBytes, atOnce, waitMs, storage };
    for (const { id, ...begun } of this.#remembered()) {
      this.#ids.set(begun.key, id);
      this.#transfers = [...this.#transfers, { ...begun, state: 'fileNeeded', video: null, error: null }];
    }
  }

  /** In the order in which they were added; the same array until something changes. */
  readonly transfers = (): readonly Transfer[] => this.#transfers;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Sends a file, or goes on with it where it was begun. */
  add(file: File): void {
    const key = `${file.name}:${file.size}:${file.lastModified}`;
    this.#files.set(key, file);
    const known = this.#transfers.find((transfer) => transfer.key === key && transfer.state !== 'done');
    if (known) {
      this.resume(key);
      return;
    }
    const transfer: Transfer = {
      key,
      name: file.name,
      sizeBytes: file.size,
      sentBytes: 0,
      state: 'queued',
      video: null,
      error: null,
    };
    this.#set([...this.#transfers.filter((other) => other.key !== key), transfer]);
    this.#sendNext();
  }

  pause(key: string): void {
    this.#change(key, { state: 'paused' });
    this.#stops.get(key)?.abort();
    this.#sendNext();
  }

  resume(key: string): void {
    const state = this.#transfers.find((transfer) => transfer.key === key)?.state;
    if (!this.#files.has(key) || state === 'sending' || state === 'waiting') return;
    this.#change(key, { state: 'queued', error: null });
    this.#sendNext();
  }

  /** Takes it from the list; what was sent of one that is not whole is deleted. */
  async remove(key: string): Promise<void> {
    const id = this.#ids.get(key);
    const isWhole = this.#transfers.some((transfer) => transfer.key === key && transfer.state === 'done');
    this.#stops.get(key)?.abort();
    this.#files.delete(key);
    this.#ids.delete(key);
    this.#set(this.#transfers.filter((transfer) => transfer.key !== key));
    this.#sendNext();
    if (id && !isWhole) await api.delete(`/uploads/${id}`);
  }

  // ---- below: internals ----

  #sendNext(): void {
    const next = this.#transfers.find(({ key, state }) => state === 'queued' && !this.#stops.has(key));
    if (!next || this.#stops.size >= this.#options.atOnce) return;
    const stop = new AbortController();
    this.#stops.set(next.key, stop);
    this.#change(next.key, { state: 'sending' });
    void this.#send(next.key, this.#files.get(next.key)!, stop.signal)
      .catch((error: unknown) => {
        if (stop.signal.aborted) return;
        // Nothing of it is kept: to choose the same file again would end the same way.
        if (isRefused(error)) this.#ids.delete(next.key);
        this.#change(next.key, { state: 'failed', error });
      })
      .finally(() => {
        this.#stops.delete(next.key);
        this.#sendNext();
      });
    this.#sendNext();
  }

  async #send(key: string, file: File, signal: AbortSignal): Promise<void> {
    let upload = await this.#patiently(key, signal, () => this.#begun(key, file));
    while (!upload.video) {
      signal.throwIfAborted();
      const { id, receivedBytes: from } = upload;
      upload = await this.#patiently(key, signal, () => this.#sendChunk(id, file, from, signal));
      this.#change(key, { sentBytes: upload.receivedBytes, state: 'sending' });
    }
    this.#change(key, { state: 'done', sentBytes: file.size, video: upload.video });
    this.#ids.delete(key);
    this.#remember();
    const whole = this.#transfers.find((transfer) => transfer.key === key);
    if (whole) this.onVideo(upload.video, whole);
  }

  /** The upload that was begun, or a new one where there is none or the studio has forgotten it. */
  async #begun(key: string, file: File): Promise<Upload> {
    const id = this.#ids.get(key);
    const known = id && (await api.get<Upload>(`/uploads/${id}`).catch(nullIfGone));
    if (known) return known;
    const body = { name: file.name, sizeBytes: file.size };
    const upload = await api.post<Upload>(`/projects/${this.#project}/uploads`, body);
    this.#ids.set(key, upload.id);
    this.#remember();
    return upload;
  }

  async #sendChunk(id: string, file: File, from: number, signal: AbortSignal): Promise<Upload> {
    const chunk = file.slice(from, from + this.#options.chunkBytes);
    const headers = { 'Upload-Offset': String(from) };
    try {
      return await api.bytes<Upload>('PATCH', `/uploads/${id}`, chunk, { headers, signal });
    } catch (error) {
      // More of it has arrived than we heard of: the answer was lost, not the chunk.
      const now = error instanceof ApiProblem && error.status === 409 && (await api.get<Upload>(`/uploads/${id}`));
      if (now && now.receivedBytes !== from) return now;
      throw error;
    }
  }

  /** Does it again for as long as the studio does not answer. */
  async #patiently(key: string, signal: AbortSignal, work: () => Promise<Upload>): Promise<Upload> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (signal.aborted || !(error instanceof ApiProblem) || error.status !== 0) throw error;
        this.#change(key, { state: 'waiting' });
        await new Promise((resolve) => setTimeout(resolve, this.#options.waitMs));
        signal.throwIfAborted();
      }
    }
  }

  #change(key: string, change: Partial<Transfer>): void {
    this.#set(this.#transfers.map((transfer) => (transfer.key === key ? { ...transfer, ...change } : transfer)));
  }

  #set(transfers: readonly Transfer[]): void {
    this.#transfers = transfers;
    this.#remember();
    for (const listener of this.#listeners) listener();
  }

  get #place(): string {
    return `uploads:${this.#project}`;
  }

  #remembered(): RememberedTransfer[] {
    return JSON.parse(this.#options.storage.getItem(this.#place) ?? '[]') as RememberedTransfer[];
  }

  #remember(): void {
    const begun = this.#transfers
      .filter(({ key, state }) => state !== 'done' && this.#ids.has(key))
      .map(({ key, name, sizeBytes, sentBytes }) => ({ key, name, sizeBytes, sentBytes, id: this.#ids.get(key)! }));
    this.#options.storage.setItem(this.#place, JSON.stringify(begun));
  }
}

interface RememberedTransfer extends Pick<Transfer, 'key' | 'name' | 'sizeBytes' | 'sentBytes'> {
  readonly id: string;
}

function nullIfGone(error: unknown): null {
  if (error instanceof ApiProblem && error.status === 404) return null;
  throw error;
}
