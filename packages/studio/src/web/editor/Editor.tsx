import { useQueries, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useRef, useState } from 'react';
import { Link } from 'wouter';
import type { Coding, CodingSummary } from '../../contract/coding.ts';
import type { Project } from '../../contract/project.ts';
import type { Video } from '../../contract/video.ts';
import { api } from '../api/client.ts';
import { refresh } from '../api/queries.ts';
import { useSession } from '../api/session.tsx';
import { Player } from '../player/Player.tsx';
import { notify } from '../shell/notify.tsx';
import { Page } from '../shell/Page.tsx';
import { useTexts } from '../texts/texts.tsx';
import type { TimeLine, TimeLineLayer, TimeLineRow } from '../timeline/timeLine.ts';
import { useObserved } from './benchState.ts';
import { CodingChoice } from './CodingChoice.tsx';
import { CommandButton } from './CommandButton.tsx';
import { ConflictNotes } from './ConflictNotes.tsx';
import { useCurve, useFrameGrid, usePose, useTaxonomy } from './editorData.ts';
import { Inspector } from './Inspector.tsx';
import { InstanceTable } from './InstanceTable.tsx';
import { KeysDialog } from './KeysDialog.tsx';
import { Palette } from './Palette.tsx';
import { TaxonomyContext } from './PartMark.tsx';
import { ProposalBar } from './ProposalBar.tsx';
import { SaveState } from './SaveState.tsx';
import { Splitter, useRemembered } from './Splitter.tsx';
import { SubmitDialog } from './SubmitDialog.tsx';
import { asShown, TimeLineView } from './TimeLineView.tsx';
import { Transport } from './Transport.tsx';
import { isWorthShowing, tell } from './tell.ts';
import { useEditorKeys, useKeyboard } from './useKeys.ts';
import { useWorkbench } from './useWorkbench.ts';
import type { FocusPlace, Told, Workbench } from './workbench.ts';
import './editor.css';

interface EditorProps {
  readonly video: Video;
  readonly project: Project;
  readonly coding: Coding;
  readonly codings: readonly CodingSummary[];
  /** Somebody else's was asked for. */
  readonly isOther: boolean;
  /** Where each video's was left, in seconds: another coding of it, or this one closed, opens there. */
  readonly playheads: Map<string, number>;
}

/** The editor of one coding: made anew when another is opened, or when this one closes. */
export function Editor(props: EditorProps) {
  const t = useTexts();
  const taxonomy = useTaxonomy(props.project);
  const live = useRef<HTMLParagraphElement>(null);
  const host = {
    say: (told: Told) => {
      const text = tell(t, told);
      // The same text again is read only where it differs: by a space that nobody sees or hears.
      if (live.current) live.current.textContent = live.current.textContent === text ? `${text}\u00a0` : text;
      if (isWorthShowing(told)) notify(text);
    },
    focus: focusPlace,
  };
  const bench = useWorkbench(props.coding, taxonomy, host);
  return (
    <TaxonomyContext value={taxonomy}>
      {bench && <Desk {...props} bench={bench} />}
      <p ref={live} className="visually-hidden" aria-live="polite" />
    </TaxonomyContext>
  );
}

// ---- below: internals ----

function Desk(props: EditorProps & { readonly bench: Workbench }) {
  const { bench, video, project, coding, codings, isOther, playheads } = props;
  const t = useTexts();
  const { account } = useSession();
  const grid = useFrameGrid(video);
  const pose = usePose(video);
  const rows = useRows(video);
  const keys = useEditorKeys(bench);
  const clock = useRef<HTMLOutputElement>(null);
  const timeLine = useRef<TimeLine>(null);
  const [layerIds, setLayerIds] = useState<readonly string[]>([]);
  const layers = useLayers(layerIds, codings);
  const [height, setHeight] = useRemembered('time line height', usualSize(innerHeight * 0.4, 300, 460));
  const [width, setWidth] = useRemembered('side width', usualSize(innerWidth * 0.3, 360, 560));
  const showsList = useObserved(bench.state, (state) => state.showsList);
  const focusTimeLine = useCallback(() => timeLine.current?.focus(), []);
  useKeyboard(bench, keys, focusTimeLine);
  const showTime = (seconds: number, frame: number, isPlaying: boolean) => {
    playheads.set(video.id, seconds);
    timeLine.current?.setPlayhead(seconds, { follow: isPlaying });
    if (clock.current) clock.current.textContent = `${t.format.time(seconds)}  ${t.editor.frame(String(frame))}`;
  };
  const isBlind = project.blind && coding.status === 'open';
  const isOwn = coding.account !== null && coding.account === account?.id;
  const foreign = (id: string) => {
    for (const layer of layers) {
      const found = layer.instances.find((instance) => instance.id === id);
      const body = layer.bodies.get(id);
      if (found && body) return { title: layer.title, body };
    }
    return undefined;
  };
  return (
    <Page
      fill
      title={video.name}
      back={{ to: `/projects/${video.project}`, label: t.shell.library }}
      actions={
        <>
          {bench.isReadOnly ? (
            <span className="hint">
              {isOwn && coding.status === 'submitted' ? t.editor.submittedNote : t.editor.readOnly}
            </span>
          ) : (
            <SaveState bench={bench} />
          )}
          <CodingChoice
            codings={codings}
            shown={coding.id}
            own={account?.id ?? null}
            video={video.id}
            layers={layerIds}
            onLayers={setLayerIds}
          />
          {isOwn && coding.status === 'open' && !isOther && (
            <button
              type="button"
              className="button primary"
              data-tour="submit"
              onClick={() => bench.state.set({ dialog: 'submit' })}
            >
              {t.editor.submit}
            </button>
          )}
          {coding.status === 'submitted' && coding.kind === 'coder' && (
            <>
              <Link className="button" href={`/videos/${video.id}/review`}>
                {t.editor.toReview}
              </Link>
              {project.role !== 'coder' && <Reopen coding={coding} video={video.id} />}
            </>
          )}
          <CommandButton bench={bench} keys={keys} command="help">
            ?
          </CommandButton>
        </>
      }
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: only keeps clicks on buttons from taking the keyboard. */}
      <div
        className="editor"
        style={{ '--time-line-height': `${height}px`, '--side-width': `${width}px` } as React.CSSProperties}
        onMouseDown={(event) => {
          if (event.target instanceof Element && event.target.closest('button') && !event.target.closest('dialog')) {
            event.preventDefault();
          }
        }}
      >
        <ConflictNotes bench={bench} />
        <div className="editor-upper">
          <Player
            bench={bench}
            video={video}
            grid={grid}
            pose={pose}
            startsAt={playheads.get(video.id) ?? 0}
            onTime={showTime}
          />
          <Splitter
            label={t.editor.resizeWidth}
            direction="across"
            value={width}
            least={300}
            most={720}
            onChange={setWidth}
          />
          <div className="editor-side">
            <Inspector bench={bench} keys={keys} coding={coding.id} foreign={foreign} />
            {!bench.isReadOnly && <Palette bench={bench} keys={keys} onDone={focusTimeLine} />}
          </div>
        </div>
        <Transport bench={bench} keys={keys} clock={clock} hasPoints={pose !== null} isBlind={isBlind} />
        <ProposalBar bench={bench} video={video} isBlind={isBlind} />
        <Splitter
          label={t.editor.resizeHeight}
          direction="down"
          value={height}
          least={140}
          most={800}
          onChange={setHeight}
        />
        <div className="editor-lower">
          <div className="editor-layer" data-hidden={showsList}>
            <TimeLineView bench={bench} grid={grid} rows={rows} layers={layers} timeLine={timeLine} />
          </div>
          {showsList && <InstanceTable bench={bench} />}
        </div>
      </div>
      <KeysDialog bench={bench} keys={keys} />
      <SubmitDialog bench={bench} coding={coding} isBlind={project.blind} />
    </Page>
  );
}

function Reopen({ coding, video }: { coding: Coding; video: string }) {
  const t = useTexts();
  const queries = useQueryClient();
  const reopen = async () => {
    try {
      await api.post<CodingSummary>(`/codings/${coding.id}/reopen`);
      notify(t.editor.reopened, 'ok');
      await queries.invalidateQueries({ queryKey: ['editor coding', video] });
      await refresh(`/videos/${video}`);
    } catch (error) {
      notify(error instanceof Error ? error.message : String(error), 'problem');
    }
  };
  return (
    <button type="button" className="button" onClick={() => void reopen()}>
      {t.editor.reopen}
    </button>
  );
}

function useRows(video: Video): readonly TimeLineRow[] {
  const t = useTexts();
  const motion = useCurve(video, 'motion');
  const sound = useCurve(video, 'sound');
  return useMemo(
    () => [
      ...(motion ? [{ id: 'motion', title: t.editor.motionRow, values: motion }] : []),
      ...(sound ? [{ id: 'sound', title: t.editor.soundRow, values: sound }] : []),
    ],
    [motion, sound, t],
  );
}

const usualSize = (wanted: number, least: number, most: number) => Math.round(Math.min(most, Math.max(least, wanted)));

type Layer = TimeLineLayer & { readonly bodies: ReadonlyMap<string, Coding['instances'][number]> };

function useLayers(ids: readonly string[], codings: readonly CodingSummary[]): readonly Layer[] {
  const found = useQueries({
    queries: ids.map((id) => ({
      queryKey: ['editor layer', id],
      queryFn: () => api.get<Coding>(`/codings/${id}`),
    })),
    combine: (results) => results.flatMap(({ data }) => (data ? [data] : [])),
  });
  return useMemo(
    () =>
      found.map(({ id, instances }) => ({
        id,
        title: codings.find((coding) => coding.id === id)?.title ?? id,
        instances: instances.map((instance) => asShown(instance)),
        bodies: new Map(instances.map((instance) => [instance.id, instance])),
      })),
    [found, codings],
  );
}

/** Moves the keyboard's focus. */
function focusPlace(place: FocusPlace): void {
  if (place === 'search' || place === 'comment') {
    document.querySelector<HTMLElement>(`[data-focus=${place}]`)?.focus();
    return;
  }
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')].filter(
    ({ offsetParent }) => offsetParent,
  );
  const here = regions.findIndex((region) => region.contains(document.activeElement));
  const next = (here + (place === 'nextRegion' ? 1 : -1) + regions.length) % regions.length;
  const region = regions[next];
  (region?.hasAttribute('tabindex') ? region : region?.querySelector<HTMLElement>('[tabindex="0"]'))?.focus();
}
