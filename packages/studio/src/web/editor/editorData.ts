import { useQuery } from '@tanstack/react-query';
import { microActions52, type PoseTrack, Taxonomy, type TaxonomyData } from 'microaction';
import { useMemo } from 'react';
import type { Coding, CodingSummary, PastChange } from '../../contract/coding.ts';
import { decodePoints } from '../../contract/points.ts';
import type { Project } from '../../contract/project.ts';
import type { Video } from '../../contract/video.ts';
import { ApiProblem, api } from '../api/client.ts';
import { useSession } from '../api/session.tsx';
import { FrameGrid } from '../timeline/frameGrid.ts';
import { randomLetters } from './editHistory.ts';

/** Id of this page: the server names it in the events that this page has caused. */
export const clientId = `c_${randomLetters(20)}`;

/** Key of the coding that the editor shows: one's own, or another by its id. */
export const codingKey = (video: string, coding: string | null) => ['editor coding', video, coding] as const;

/** One's own coding, made where there is none yet, or another to look at. */
export function useCoding(video: string, coding: string | null) {
  const { account } = useSession();
  return useQuery({
    queryKey: codingKey(video, coding),
    queryFn: () => (coding === null ? ownCoding(video, account?.id ?? null) : api.get<Coding>(`/codings/${coding}`)),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
}

/** All that was ever changed in a coding, oldest first. */
export async function pastChanges(coding: string): Promise<PastChange[]> {
  const all: PastChange[] = [];
  for (;;) {
    const limit = 5000;
    const after = all.at(-1)?.sequence ?? 0;
    const some = await api.get<PastChange[]>(`/codings/${coding}/changes`, { after, limit });
    all.push(...some);
    if (some.length < limit) return all;
  }
}

export function useTaxonomy({ taxonomy }: Project): Taxonomy {
  return useMemo(() => (taxonomy ? new Taxonomy(taxonomy as TaxonomyData) : microActions52), [taxonomy]);
}

/** Frames as they are, or evenly spaced until that is known. */
export function useFrameGrid(video: Video): FrameGrid {
  const { facts } = video;
  const { data } = useBinary(video, 'frames');
  const duration = facts?.durationSeconds ?? 0;
  const rate = facts?.frameRate ?? 25;
  return useMemo(() => {
    const seconds = duration > 0 ? duration : unknownSeconds;
    const times = data ? new Float64Array(data) : steadyTimes(rate, seconds);
    return new FrameGrid(times, seconds);
  }, [data, duration, rate]);
}

/** How much moves, or how loud it is, as a curve; null until it is known. */
export function useCurve(video: Video, what: 'motion' | 'sound'): Float32Array | null {
  const { data } = useBinary(video, what);
  return useMemo(() => (data ? new Float32Array(data) : null), [data]);
}

export function usePose(video: Video): PoseTrack | null {
  const { data } = useBinary(video, 'points');
  return useMemo(() => (data ? decodePoints(new Uint8Array(data)) : null), [data]);
}

// ---- below: internals ----

/** Where nothing can be saved, none can be made, but one that is there can be looked at. */
async function ownCoding(video: string, account: string | null): Promise<Coding> {
  try {
    return await api.post<Coding>(`/videos/${video}/codings`);
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.code !== 'read-only') throw error;
    const codings = await api.get<CodingSummary[]>(`/videos/${video}/codings`);
    const own = codings.find((coding) => coding.kind === 'coder' && coding.account === account);
    if (!own) throw error;
    return await api.get<Coding>(`/codings/${own.id}`);
  }
}

/** Enough to code on where nothing is known of the video, as when its file is gone. */
const unknownSeconds = 600;

/** The key begins with no path, so that events, which come often, do not have it fetched anew. */
function useBinary(video: Video, what: 'frames' | 'motion' | 'sound' | 'points') {
  return useQuery({
    queryKey: ['editor binary', video.id, what, video.sizeBytes],
    queryFn: ({ signal }) => api.binary(`/videos/${video.id}/${what}`, undefined, signal),
    enabled: video.has[what],
    staleTime: Number.POSITIVE_INFINITY,
  });
}

const steadyTimes = (rate: number, seconds: number) =>
  Float64Array.from({ length: Math.max(1, Math.round(seconds * rate)) }, (_, frame) => frame / rate);
