import { useState } from 'react';

interface SplitterProps {
  readonly label: string;
  /** Which way it is dragged. */
  readonly direction: 'across' | 'down';
  /** CSS pixels of what lies after it. */
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly onChange: (value: number) => void;
}

/** Between two areas: dragged, or moved by arrow keys. */
export function Splitter({ label, direction, value, least, most, onChange }: SplitterProps) {
  const set = (next: number) => onChange(Math.round(Math.min(most, Math.max(least, next))));
  const place = (event: React.PointerEvent) => (direction === 'across' ? event.clientX : event.clientY);
  const [grip, setGrip] = useState<number | null>(null);
  return (
    // biome-ignore lint/a11y/useSemanticElements: <hr> cannot be moved; this is the pattern of a window splitter.
    <div
      role="separator"
      tabIndex={0}
      className={`splitter ${direction}`}
      aria-label={label}
      aria-orientation={direction === 'across' ? 'vertical' : 'horizontal'}
      aria-valuenow={value}
      aria-valuemin={least}
      aria-valuemax={most}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setGrip(place(event) + value);
      }}
      onPointerMove={(event) => grip !== null && set(grip - place(event))}
      onPointerUp={() => setGrip(null)}
      onPointerCancel={() => setGrip(null)}
      onKeyDown={(event) => {
        const [more, less] = direction === 'across' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
        if (event.key === more) set(value + stepPixels);
        else if (event.key === less) set(value - stepPixels);
        else return;
        event.preventDefault();
      }}
    />
  );
}

/** A size that the browser remembers. */
export function useRemembered(name: string, usual: number): [number, (value: number) => void] {
  const key = `microaction/${name}`;
  const [value, setValue] = useState(() => Number(localStorage.getItem(key)) || usual);
  return [
    value,
    (next) => {
      setValue(next);
      localStorage.setItem(key, String(next));
    },
  ];
}

// ---- below: internals ----

const stepPixels = 24;
