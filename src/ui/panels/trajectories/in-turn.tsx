import { memo } from 'react';
import type { ReactNode } from 'react';

interface InTurnProps {
  due: boolean;
  /** Of the empty place before it is due for the first time, in pixels. */
  height: number;
  children: ReactNode;
}

/** Until it is due it keeps what it showed before. */
export const InTurn = memo(
  function InTurn({ due, height, children }: InTurnProps): ReactNode {
    return due ? children : <div style={{ height }} />;
  },
  (_, now) => !now.due,
);
