export interface TimelineMark {
  kind: 'start' | 'warmStart' | 'evaluation' | 'checkpoint' | 'reset' | 'breakpoint' | 'settings';
  update: number;
  /** What happened, where the kind does not say it all. */
  note?: string;
}
