import './order.css';
import { useLayoutEffect, useRef, useState } from 'react';
import { moveTo } from './moves';

interface OrderProps {
  label: string;
  items: readonly { label: string; note?: string }[];
  /** Items by place. */
  order: readonly number[];
  onChange: (order: readonly number[]) => void;
  disabled?: boolean;
  words: {
    /** Name of what an item is taken by; places count from 1. */
    grip: (item: string, place: number) => string;
    up: (item: string) => string;
    down: (item: string) => string;
  };
}

/** A list that is put in order: dragged by the grip, or moved by arrow keys on it, or by two buttons. */
export function Order({ label, items, order, onChange, disabled = false, words }: OrderProps): React.JSX.Element {
  const list = useRef<HTMLOListElement>(null);
  /** The item under the pointer. */
  const [held, setHeld] = useState<number | null>(null);
  /** What had the focus when an item was moved: its node may have been taken out and put in again. */
  const focused = useRef<{ item: number; part: string } | null>(null);
  const [said, setSaid] = useState('');

  useLayoutEffect(() => {
    const wanted = focused.current;
    focused.current = null;
    if (wanted === null) return;
    const find = (part: string): HTMLButtonElement | null =>
      list.current?.querySelector<HTMLButtonElement>(`[data-item="${wanted.item}"] [data-part="${part}"]`) ?? null;
    const same = find(wanted.part);
    (same === null || same.disabled ? find('grip') : same)?.focus();
  }, [order]);

  const move = (item: number, to: number, part: string): void => {
    const moved = moveTo(order, order.indexOf(item), to);
    if (moved === order) return;
    focused.current = { item, part };
    setSaid(words.grip(items[item]?.label ?? '', to + 1));
    onChange(moved);
  };
  const follow = (event: React.PointerEvent): void => {
    if (held === null) return;
    const rows = [...(list.current?.children ?? [])].map((row) => row.getBoundingClientRect());
    const over = rows.findIndex(({ top, bottom }) => event.clientY >= top && event.clientY < bottom);
    if (over >= 0) move(held, over, 'grip');
  };
  return (
    <>
      <ol
        ref={list}
        className="order"
        aria-label={label}
        onPointerMove={follow}
        onPointerUp={() => setHeld(null)}
        onPointerCancel={() => setHeld(null)}
      >
        {order.map((item, place) => {
          const { label: text = '', note } = items[item] ?? {};
          return (
            <li key={item} className="order-item" data-item={item} data-held={held === item ? '' : undefined}>
              <button
                type="button"
                className="order-grip"
                data-part="grip"
                aria-label={words.grip(text, place + 1)}
                disabled={disabled}
                onPointerDown={(event) => {
                  // The list stays where it is while its items change places.
                  list.current?.setPointerCapture(event.pointerId);
                  setHeld(item);
                }}
                onKeyDown={(event) => {
                  if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
                  event.preventDefault();
                  move(item, place + (event.key === 'ArrowUp' ? -1 : 1), 'grip');
                }}
              >
                <span aria-hidden="true">{place + 1}</span>
              </button>
              <span className="order-label">
                {text}
                {note !== undefined && <span className="quiet"> {note}</span>}
              </span>
              <button
                type="button"
                className="button order-move"
                data-part="up"
                aria-label={words.up(text)}
                disabled={disabled || place === 0}
                onClick={() => move(item, place - 1, 'up')}
              >
                <span aria-hidden="true">↑</span>
              </button>
              <button
                type="button"
                className="button order-move"
                data-part="down"
                aria-label={words.down(text)}
                disabled={disabled || place === order.length - 1}
                onClick={() => move(item, place + 1, 'down')}
              >
                <span aria-hidden="true">↓</span>
              </button>
            </li>
          );
        })}
      </ol>
      <span className="visually-hidden" role="status">
        {said}
      </span>
    </>
  );
}
