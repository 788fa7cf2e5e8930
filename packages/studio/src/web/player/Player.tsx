import type { PoseTrack } from 'microaction';
import { useEffect, useRef } from 'react';
import type { Video } from '../../contract/video.ts';
import { apiUrl } from '../api/client.ts';
import { useObserved } from '../editor/benchState.ts';
import type { Workbench } from '../editor/workbench.ts';
import { useTexts } from '../texts/texts.tsx';
import type { FrameGrid } from '../timeline/frameGrid.ts';
import { FramePlayer } from './framePlayer.ts';
import { NoPicture } from './NoPicture.tsx';
import { Stage } from './stage.ts';
import './player.css';

interface PlayerProps {
  readonly bench: Workbench;
  readonly video: Video;
  readonly grid: FrameGrid;
  readonly pose: PoseTrack | null;
  /** Where the playhead is first, in seconds. */
  readonly startsAt: number;
  /** Every move of the playhead; not by way of React. */
  readonly onTime: (seconds: number, frame: number, isPlaying: boolean) => void;
}

/** The video, placed, stepped and laid over by objects that React does not render. */
export function Player({ bench, video, grid, pose, startsAt, onTime }: PlayerProps) {
  const t = useTexts();
  const stageElement = useRef<HTMLElement>(null);
  const picture = useRef<HTMLDivElement>(null);
  const videoElement = useRef<HTMLVideoElement>(null);
  const heat = useRef<HTMLCanvasElement>(null);
  const points = useRef<HTMLCanvasElement>(null);
  const stage = useRef<Stage>(null);
  const player = useRef<FramePlayer>(null);
  const latest = useRef(onTime);
  latest.current = onTime;
  const first = useRef({ grid, video, startsAt });

  useEffect(() => {
    const { facts, startSeconds } = first.current.video;
    const size = { width: facts?.widthPixels ?? 1280, height: facts?.heightPixels ?? 720 };
    const madeStage = new Stage(
      {
        stage: stageElement.current!,
        picture: picture.current!,
        video: videoElement.current!,
        heat: heat.current!,
        points: points.current!,
      },
      size,
      () => bench.state.set({ followsPerson: false }),
    );
    const made = new FramePlayer(videoElement.current!, first.current.grid, startSeconds ?? 0, {
      time: (seconds, frame) => latest.current(seconds, frame, made.isPlaying),
      picture: (frame) => madeStage.showFrame(made.grid.at(frame), frame),
      state: () => bench.showPlayerState(),
    });
    stage.current = madeStage;
    player.current = made;
    bench.attachPlayer(made);
    if (first.current.startsAt > 0) made.seek(first.current.startsAt);
    return () => {
      bench.attachPlayer(undefined);
      made.destroy();
      madeStage.destroy();
    };
  }, [bench]);

  useEffect(() => {
    if (player.current && player.current.grid !== grid) player.current.setGrid(grid);
  }, [grid]);
  useEffect(() => stage.current?.setPose(pose), [pose]);

  const showsPoints = useObserved(bench.state, (state) => state.showsPoints);
  const showsMotion = useObserved(bench.state, (state) => state.showsMotion);
  const followsPerson = useObserved(bench.state, (state) => state.followsPerson);
  useEffect(
    () => stage.current?.show({ points: showsPoints, motion: showsMotion, person: followsPerson }),
    [showsPoints, showsMotion, followsPerson],
  );

  const canPlay = video.plays !== 'none' && video.status !== 'missing' && video.status !== 'unusable';
  const source = canPlay ? apiUrl(`/videos/${video.id}/file`, { plays: video.plays }) : undefined;
  const startSeconds = video.startSeconds ?? 0;
  const lastSource = useRef(source);
  useEffect(() => {
    if (source === undefined) player.current?.withoutPicture();
    else if (lastSource.current !== source) player.current?.reload(startSeconds);
    lastSource.current = source;
  }, [source, startSeconds]);
  const hasPicture = useObserved(bench.state, (state) => state.hasPicture);

  return (
    <section ref={stageElement} className="stage" data-region="stage" tabIndex={-1} aria-label={t.editor.stage}>
      <div ref={picture} className="stage-picture" hidden={!hasPicture}>
        {/* biome-ignore lint/a11y/useMediaCaption: what is coded is what people do; there are no captions of it. */}
        <video
          ref={videoElement}
          src={source}
          preload="auto"
          playsInline
          disablePictureInPicture
          tabIndex={-1}
          aria-label={video.name}
        />
        <canvas ref={heat} className="stage-heat" hidden />
      </div>
      <canvas ref={points} className="stage-points" hidden />
      {!hasPicture && <NoPicture video={video} />}
    </section>
  );
}
