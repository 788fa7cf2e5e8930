import { useState } from 'react';
import { useTexts } from '../texts/texts.tsx';
import { parseTime } from './times.ts';

interface TimeFieldProps {
  readonly label: string;
  readonly seconds: number;
  readonly disabled: boolean;
  readonly onChange: (seconds: number) => void;
}

/** A moment that can be typed. Enter or leaving the field takes it, Escape does not. */
export function TimeField({ label, seconds, disabled, onChange }: TimeFieldProps) {
  const t = useTexts();
  const [typed, setTyped] = useState<string | null>(null);
  const value = typed === null ? seconds : parseTime(typed);
  const take = () => {
    if (typed !== null && value !== undefined && Math.abs(value - seconds) > 0.0005) onChange(value);
    setTyped(null);
  };
  return (
    <label className="labelled">
      <span className="hint">{label}</span>
      <input
        className="field time-field"
        value={typed ?? t.format.time(seconds)}
        disabled={disabled}
        inputMode="decimal"
        aria-invalid={value === undefined}
        title={value === undefined ? t.editor.badTime : undefined}
        onFocus={(event) => event.target.select()}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={take}
        onKeyDown={(event) => {
          if (event.key === 'Escape') setTyped(null);
          if (event.key === 'Enter' && value !== undefined) take();
        }}
      />
    </label>
  );
}
