/** Edges of the plot, in pixels: equal in all charts, so that their axes line up. */
export const PLOT = { left: 48, right: 12, top: 8, bottom: 20 } as const;

export const PLOT_HEIGHT = { large: 346, small: 128, diagnostics: 128 } as const;
