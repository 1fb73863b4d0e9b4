/** Edges of the plot, in pixels: equal in all charts, so that their axes line up. */
export const PLOT = { height: 128, left: 48, right: 12, top: 8, bottom: 20 } as const;
