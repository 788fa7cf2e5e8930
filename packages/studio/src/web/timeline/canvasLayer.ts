/** A canvas over the whole plot, drawn in CSS pixels, with one pixel of it to one of the screen. */
export class CanvasLayer {
  readonly canvas = document.createElement('canvas');
  readonly context: CanvasRenderingContext2D;
  widthPixels = 0;
  heightPixels = 0;
  /** Pixels of the screen to one of CSS. */
  ratio = 1;

  constructor(parent: HTMLElement) {
    const context = this.canvas.getContext('2d');
    if (!context) throw new Error('TimeLine: this browser gives no 2D canvas.');
    this.context = context;
    this.canvas.setAttribute('aria-hidden', 'true');
    Object.assign(this.canvas.style, { position: 'absolute', left: '0', top: '0', pointerEvents: 'none' });
    parent.append(this.canvas);
  }

  /** Clears it where the size is new. */
  resize(widthPixels: number, heightPixels: number, ratio: number): void {
    this.widthPixels = widthPixels;
    this.heightPixels = heightPixels;
    this.ratio = ratio;
    const [wide, high] = [Math.round(widthPixels * ratio), Math.round(heightPixels * ratio)];
    if (this.canvas.width !== wide) this.canvas.width = wide;
    if (this.canvas.height !== high) this.canvas.height = high;
    this.canvas.style.width = `${wide / ratio}px`;
    this.canvas.style.height = `${high / ratio}px`;
  }

  /** The context, cleared and in CSS pixels. */
  cleared(): CanvasRenderingContext2D {
    const { context } = this;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    return context;
  }
}
