import { type RefObject, useEffect, useRef, useState } from 'react';
import type { Video } from '../../contract/video.ts';
import { apiUrl } from '../api/client.ts';
import { FramePlayer, type Span, speeds } from '../player/framePlayer.ts';
import { NoPicture } from '../player/NoPicture.tsx';
import { useTexts } from '../texts/texts.tsx';
import type { FrameGrid } from '../timeline/frameGrid.ts';
import '../player/player.css';

interface DisputeVideoProps {
  readonly video: Video;
  readonly grid: FrameGrid;
  readonly player: RefObject<FramePlayer | null>;
  /** What is disputed, with a little before and after. */
  readonly loop: Span | null;
  readonly onTime: (seconds: number) => void;
}

/** The video, looping over what is disputed unless it is to go on. */
export function DisputeVideo({ video, grid, player, loop, onTime }: DisputeVideoProps) {
  const t = useTexts();
  const element = useRef<HTMLVideoElement>(null);
  const clock = useRef<HTMLOutputElement>(null);
  const [{ isPlaying, speed, hasPicture }, setState] = useState({ isPlaying: false, speed: 1, hasPicture: true });
  const [loops, setLoops] = useState(true);
  const latest = useRef({ onTime, t });
  latest.current = { onTime, t };
  const startSeconds = video.startSeconds ?? 0;
  const first = useRef({ grid, startSeconds });
  useEffect(() => {
    const made = new FramePlayer(element.current!, first.current.grid, first.current.startSeconds, {
      time(seconds) {
        latest.current.onTime(seconds);
        if (clock.current) clock.current.textContent = latest.current.t.format.time(seconds);
      },
      state: () => setState({ isPlaying: made.isPlaying, speed: made.speed, hasPicture: made.hasPicture }),
    });
    player.current = made;
    return () => {
      player.current = null;
      made.destroy();
    };
  }, [player]);
  useEffect(() => player.current?.setGrid(grid), [grid, player]);
  const { start, end } = loop ?? {};
  useEffect(() => {
    player.current?.setLoop(!loops || start === undefined || end === undefined ? null : { start, end });
  }, [loops, start, end, player]);

  const canPlay = video.plays !== 'none' && video.status !== 'missing' && video.status !== 'unusable';
  const source = canPlay ? apiUrl(`/videos/${video.id}/file`, { plays: video.plays }) : undefined;
  const lastSource = useRef(source);
  useEffect(() => {
    if (source === undefined) player.current?.withoutPicture();
    else if (lastSource.current !== source) player.current?.reload(startSeconds);
    lastSource.current = source;
  }, [source, startSeconds, player]);

  return (
    <section className="dispute-video" aria-label={t.review.player}>
      <div className="dispute-picture">
        {/* biome-ignore lint/a11y/useMediaCaption: people are coded by what they do; there are no captions. */}
        <video
          ref={element}
          aria-label={video.name}
          hidden={!hasPicture}
          preload="auto"
          playsInline
          disablePictureInPicture
          tabIndex={-1}
          src={source}
        />
        {!hasPicture && <NoPicture video={video} />}
      </div>
      <div className="toolbar">
        <PlayerButton name={t.editor.commands.frameBack} keyName="," onClick={() => player.current?.step(-1)}>
          ‹
        </PlayerButton>
        <PlayerButton
          name={isPlaying ? t.review.pause : t.review.play}
          keyName="Space"
          onClick={() => player.current?.toggle()}
        >
          {isPlaying ? '❚❚' : '▶'}
        </PlayerButton>
        <PlayerButton name={t.editor.commands.frameForward} keyName="." onClick={() => player.current?.step(1)}>
          ›
        </PlayerButton>
        <output ref={clock} className="dispute-clock" aria-label={t.editor.clock} aria-live="off" />
        <select
          className="field"
          aria-label={t.editor.speed}
          value={speed}
          onChange={({ target }) => player.current?.setSpeed(Number(target.value))}
        >
          {speeds.map((each) => (
            <option key={each} value={each}>
              {each}×
            </option>
          ))}
        </select>
        <button
          type="button"
          className="button"
          aria-pressed={loops}
          title={t.review.loopHint}
          onClick={() => setLoops(!loops)}
        >
          {t.editor.loop}
        </button>
      </div>
    </section>
  );
}

// ---- below: internals ----

interface PlayerButtonProps {
  readonly name: string;
  readonly keyName: string;
  readonly onClick: () => void;
  readonly children: string;
}

function PlayerButton({ name, keyName, onClick, children }: PlayerButtonProps) {
  return (
    <button
      type="button"
      className="button icon"
      aria-label={name}
      aria-keyshortcuts={keyName}
      title={`${name} (${keyName})`}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
