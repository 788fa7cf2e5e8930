/** `m:ss.mmm`, with hours where there are any; `decimals` digits of the second. */
export function timeText(seconds: number, decimals = 3): string {
  const unit = 10 ** decimals;
  const units = Math.round(Math.max(0, seconds) * unit);
  const whole = Math.floor(units / unit);
  const fraction = decimals > 0 ? `.${String(units % unit).padStart(decimals, '0')}` : '';
  const two = (value: number) => String(value).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  const head = minutes < 60 ? String(minutes) : `${Math.floor(minutes / 60)}:${two(minutes % 60)}`;
  return `${head}:${two(whole % 60)}${fraction}`;
}

/** `1.63 s`, or `m:ss.mmm` from a minute on. */
export function durationText(seconds: number): string {
  return seconds < 59.995 ? `${seconds.toFixed(2)} s` : timeText(seconds);
}

/** A number with a sensible count of digits for its size; a true minus sign. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  const text = value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 || size === 0 ? 2 : 3);
  return text.replace('-', '−');
}
