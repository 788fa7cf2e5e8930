import type { PoseTrack } from 'microaction';
import { MotionHeat, paintPoints } from './overlays.ts';
import { type PersonRegions, personRegions, regionAt } from './personRegions.ts';
import { dragged, pictureBox, type Size, type View, viewOf, wholePicture, zoomedAt } from './picture.ts';

export interface StageElements {
  readonly stage: HTMLElement;
  /** Holds video and heat. */
  readonly picture: HTMLElement;
  readonly video: HTMLVideoElement;
  readonly heat: HTMLCanvasElement;
  readonly points: HTMLCanvasElement;
}

export interface StageShows {
  readonly points: boolean;
  readonly motion: boolean;
  /** Zooms on the person, whatever the hand has zoomed. */
  readonly person: boolean;
}

/** Places the picture on its stage, lets it be zoomed and moved, and lays key points and motion over it. */
export class Stage {
  readonly #elements: StageElements;
  readonly #heat: MotionHeat;
  readonly #resizes: ResizeObserver;
  readonly #closing = new AbortController();
  readonly #zoomedByHand: () => void;
  #picture: Size;
  #view: View = wholePicture;
  #pose: PoseTrack | null = null;
  #regions: PersonRegions | null = null;
  #shows: StageShows = { points: false, motion: false, person: false };
  #seconds = 0;
  #frame = 0;

  /**
   * @param picture - size of the displayed picture, until the video element says it
   * @param zoomedByHand - the person has taken over from the zoom on the person
   */
  constructor(elements: StageElements, picture: Size, zoomedByHand: () => void) {
    this.#elements = elements;
    this.#picture = picture;
    this.#zoomedByHand = zoomedByHand;
    this.#heat = new MotionHeat(elements.heat);
    this.#resizes = new ResizeObserver(() => this.#place());
    this.#resizes.observe(elements.stage);
    this.#listen();
  }

  setPose(pose: PoseTrack | null): void {
    this.#pose = pose;
    this.#regions = pose && personRegions(pose);
    this.#place();
  }

  show(shows: StageShows): void {
    if (this.#shows.person && !shows.person) this.#view = wholePicture;
    this.#shows = shows;
    this.#elements.heat.hidden = !shows.motion;
    if (shows.motion) this.#heat.show(this.#elements.video, this.#frame);
    this.#place();
  }

  /** Another frame is on the screen. */
  showFrame(seconds: number, frame: number): void {
    [this.#seconds, this.#frame] = [seconds, frame];
    if (this.#shows.motion) this.#heat.show(this.#elements.video, frame);
    if (this.#shows.person && this.#regions) this.#place();
    else this.#paintPoints();
  }

  destroy(): void {
    this.#closing.abort();
    this.#resizes.disconnect();
  }

  // ---- below: internals ----

  get #size(): Size {
    const { clientWidth, clientHeight } = this.#elements.stage;
    return { width: Math.max(1, clientWidth), height: Math.max(1, clientHeight) };
  }

  get #shownView(): View {
    if (!this.#shows.person || !this.#regions) return this.#view;
    return viewOf(regionAt(this.#regions, this.#seconds), this.#size, this.#picture);
  }

  #place(): void {
    const { left, top, width, height } = pictureBox(this.#size, this.#picture, this.#shownView);
    const whole = pictureBox(this.#size, this.#picture);
    const { style } = this.#elements.picture;
    style.width = `${whole.width}px`;
    style.height = `${whole.height}px`;
    style.transform = `translate(${left}px, ${top}px) scale(${width / whole.width}, ${height / whole.height})`;
    this.#paintPoints();
  }

  #paintPoints(): void {
    const { points } = this.#elements;
    const { width, height } = this.#size;
    const ratio = devicePixelRatio;
    const isShown = this.#shows.points && this.#pose !== null;
    points.hidden = !isShown;
    if (!isShown || !this.#pose) return;
    if (points.width !== Math.round(width * ratio)) points.width = Math.round(width * ratio);
    if (points.height !== Math.round(height * ratio)) points.height = Math.round(height * ratio);
    const context = points.getContext('2d');
    if (!context) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    paintPoints(context, this.#pose, this.#seconds, pictureBox(this.#size, this.#picture, this.#shownView));
  }

  #setView(view: View): void {
    if (this.#shows.person) this.#zoomedByHand();
    this.#shows = { ...this.#shows, person: false };
    this.#view = view;
    this.#place();
  }

  #listen(): void {
    const { stage, video } = this.#elements;
    const { signal } = this.#closing;
    video.addEventListener(
      'loadedmetadata',
      () => {
        if (video.videoWidth > 0) this.#picture = { width: video.videoWidth, height: video.videoHeight };
        this.#place();
      },
      { signal },
    );
    stage.addEventListener(
      'wheel',
      (event) => {
        event.preventDefault();
        const { left, top } = stage.getBoundingClientRect();
        const at = { x: event.clientX - left, y: event.clientY - top };
        const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
        const strength = Math.max(-80, Math.min(80, event.deltaY * lines));
        this.#setView(zoomedAt(this.#shownView, Math.exp(-strength / 200), at, this.#size, this.#picture));
      },
      { passive: false, signal },
    );
    stage.addEventListener('dblclick', () => this.#setView(wholePicture), { signal });
    stage.addEventListener(
      'pointerdown',
      (event) => {
        if (event.button !== 0 || !(event.target instanceof Element) || event.target.closest('button')) return;
        stage.setPointerCapture(event.pointerId);
      },
      { signal },
    );
    stage.addEventListener(
      'pointermove',
      (event) => {
        if (!stage.hasPointerCapture(event.pointerId) || this.#shownView.zoom <= 1) return;
        const pixels = { x: event.movementX, y: event.movementY };
        this.#setView(dragged(this.#shownView, pixels, this.#size, this.#picture));
      },
      { signal },
    );
  }
}
