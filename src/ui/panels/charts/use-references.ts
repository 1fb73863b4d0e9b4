import { useStudioState } from '../../studio-context';
import type { TermId } from '../../terms/term-ids';
import type { ChartSpec } from './chart-specs';

export interface Reference {
  id: 'base' | 'ceiling';
  term: TermId;
  value: number;
  dash: string;
}

/** Lines across a chart to read its curves against, those that are known. */
export function useReferences({ references }: ChartSpec): Reference[] {
  const ceiling = useStudioState((state) => (references ? state.world?.ceilings[references.ceiling] : undefined));
  // The first evaluation is the base's only where it was made before the first update.
  const base = useStudioState(({ evaluations: [first] }) =>
    references && first?.update === 0 ? first.metrics[references.base] : undefined,
  );
  return [
    ...(typeof base === 'number' ? [{ id: 'base', term: 'base', value: base, dash: '8 4' } as const] : []),
    ...(ceiling === undefined ? [] : [{ id: 'ceiling', term: 'ceiling', value: ceiling, dash: '1 3' } as const]),
  ];
}
