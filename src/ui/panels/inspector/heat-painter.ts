/**
 * Paints heat behind tokens, on a canvas: 2,000 tokens take another colour in a millisecond or two, where as many styles take
 * ten times as long. The tokens' places are measured when the layout changes, not when the colour does.
 */
const DARKEST = 0.36;

export class HeatPainter {
  private readonly observer: ResizeObserver;
  private readonly themes: MutationObserver;
  private readonly system = window.matchMedia('(prefers-color-scheme: dark)');
  private places: { x: number; y: number; width: number; height: number }[] = [];
  private heats: ArrayLike<number> = [];
  private frame = 0;

  /** @param list holds the canvas and one element with `data-token` for each token, in order */
  constructor(
    private readonly list: HTMLElement,
    private readonly canvas: HTMLCanvasElement,
  ) {
    this.observer = new ResizeObserver(() => this.measure());
    this.observer.observe(list);
    this.themes = new MutationObserver(this.draw);
    this.themes.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    this.system.addEventListener('change', this.draw);
  }

  destroy(): void {
    cancelAnimationFrame(this.frame);
    this.observer.disconnect();
    this.themes.disconnect();
    this.system.removeEventListener('change', this.draw);
  }

  /** Call it when the tokens are other ones: they are measured before they are painted, when the page is laid out anyway. */
  measureSoon(): void {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.measure());
  }

  private measure(): void {
    const { canvas, list } = this;
    const box = list.getBoundingClientRect();
    const scale = window.devicePixelRatio;
    canvas.width = Math.round(box.width * scale);
    canvas.height = Math.round(box.height * scale);
    this.places = [...list.querySelectorAll('[data-token]')].map((token) => {
      const { left, top, width, height } = token.getBoundingClientRect();
      return { x: left - box.left, y: top - box.top, width, height };
    });
    this.draw();
  }

  /** @param heats 0 to 1 for each token */
  paint(heats: ArrayLike<number>): void {
    this.heats = heats;
    this.draw();
  }

  private readonly draw = (): void => {
    const { canvas, places, heats } = this;
    const context = canvas.getContext('2d');
    if (!context) return;
    const scale = window.devicePixelRatio;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.fillStyle = getComputedStyle(canvas).color;
    places.forEach(({ x, y, width, height }, i) => {
      context.globalAlpha = DARKEST * (heats[i] ?? 0);
      context.fillRect(x, y, width, height);
    });
  };
}
