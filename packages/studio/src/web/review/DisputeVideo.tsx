import { type RefObject, useEffect, useRef, useState } from 'react';
import type { Video } from '../../contract/video.ts';
import { apiUrl } from '../api/client.ts';
import { FramePlayer, type Span } from '../player/framePlayer.ts';
import { useTexts } from '../texts/texts.tsx';
import type { FrameGrid } from '../timeline/frameGrid.ts';

interface DisputeVideoProps {
  readonly video: Video;
  readonly grid: FrameGrid;
  readonly player: RefObject<FramePlayer | null>;
  /** What is played again and again. */
  readonly loop: Span | null;
  readonly onTime: (seconds: number) => void;
}

/** The video, looping over what is disputed. */
export function DisputeVideo({ video, grid, player, loop, onTime }: DisputeVideoProps) {
  const t = useTexts();
  const element = useRef<HTMLVideoElement>(null);
  const clock = useRef<HTMLOutputElement>(null);
  const [isPlaying, setIsPlaying] = useState(false);
  const latest = useRef({ onTime, t });
  latest.current = { onTime, t };
  const first = useRef(grid);
  useEffect(() => {
    const made = new FramePlayer(element.current!, first.current, {
      time(seconds) {
        latest.current.onTime(seconds);
        if (clock.current) clock.current.textContent = latest.current.t.format.time(seconds);
      },
      state: () => setIsPlaying(made.isPlaying),
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
    player.current?.setLoop(start === undefined || end === undefined ? null : { start, end });
  }, [start, end, player]);
  return (
    <div className="dispute-video">
      {/* biome-ignore lint/a11y/useMediaCaption: people are coded by what they do; there are no captions. */}
      <video
        ref={element}
        aria-label={t.review.player}
        preload="auto"
        playsInline
        src={video.plays === 'none' ? undefined : apiUrl(`/videos/${video.id}/file`, { of: video.plays })}
      />
      {video.problem && <p role="alert">{video.problem}</p>}
      <div className="toolbar">
        <button type="button" className="button" onClick={() => player.current?.toggle()}>
          {isPlaying ? t.review.pause : t.review.play}
        </button>
        <output ref={clock} className="hint" />
      </div>
    </div>
  );
}
