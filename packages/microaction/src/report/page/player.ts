/** Plays the video; where there is none, a clock of its own, so that the time line works all the same. */
export class Player {
  readonly video: HTMLVideoElement;
  readonly duration: number;
  #onTime: (seconds: number) => void;
  #hasVideo = false;
  #playing = false;
  #rate = 1;
  #clockSeconds = 0;
  #lastTick = 0;
  #frame = 0;
  #span: { start: number; end: number; loop: boolean } | undefined;

  /** @param onTime - called at every shown frame, after a seek, and when play starts or stops */
  constructor(video: HTMLVideoElement, duration: number, onTime: (seconds: number) => void) {
    this.video = video;
    this.duration = duration;
    this.#onTime = onTime;
    video.addEventListener('loadeddata', () => {
      this.#hasVideo = true;
      video.currentTime = this.#clockSeconds;
      video.playbackRate = this.#rate;
      if (this.#playing) void video.play();
    });
    video.addEventListener('error', () => {
      this.#clockSeconds = this.time;
      this.#hasVideo = false;
    });
    for (const event of ['seeked', 'play', 'pause'] as const) {
      video.addEventListener(event, () => {
        if (this.#hasVideo && event === 'play') this.#run();
        if (this.#hasVideo && event === 'pause') this.#playing = false;
        this.#tell();
      });
    }
  }

  get time(): number {
    return this.#hasVideo ? this.video.currentTime : this.#clockSeconds;
  }

  get playing(): boolean {
    return this.#playing;
  }

  get rate(): number {
    return this.#rate;
  }
  set rate(rate: number) {
    this.#rate = rate;
    this.video.playbackRate = rate;
    this.#tell();
  }

  get looping(): boolean {
    return this.#span?.loop === true;
  }

  seek(seconds: number): void {
    this.#span = undefined;
    this.#jump(seconds);
  }

  play(): void {
    if (this.time >= this.duration - 0.02) this.#jump(0);
    this.#start();
  }

  pause(): void {
    this.#span = undefined;
    this.#playing = false;
    if (this.#hasVideo) this.video.pause();
    this.#tell();
  }

  /** From start to end, once or again and again, until paused or sought elsewhere. */
  playSpan(start: number, end: number, loop: boolean): void {
    this.#jump(start);
    this.#span = { start, end, loop };
    this.#start();
  }

  #jump(seconds: number): void {
    this.#clockSeconds = Math.min(Math.max(seconds, 0), this.duration);
    if (this.#hasVideo) this.video.currentTime = this.#clockSeconds;
    this.#tell();
  }

  #start(): void {
    if (this.#hasVideo) void this.video.play();
    this.#run();
    this.#tell();
  }

  #run(): void {
    this.#playing = true;
    this.#lastTick = performance.now();
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(this.#tick);
  }

  #tick = (now: number) => {
    if (!this.#playing) return;
    if (!this.#hasVideo) this.#clockSeconds += (Math.max(0, now - this.#lastTick) / 1000) * this.#rate;
    this.#lastTick = now;
    const span = this.#span;
    if (span && this.time >= span.end && !this.video.seeking) {
      if (span.loop) this.#jump(span.start);
      else this.pause();
    } else if (this.time >= this.duration) {
      this.#clockSeconds = this.duration;
      this.pause();
    }
    this.#tell();
    this.#frame = requestAnimationFrame(this.#tick);
  };

  #tell(): void {
    this.#onTime(this.time);
  }
}
