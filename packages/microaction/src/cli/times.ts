/** A moment or a length for people: `12.40`, and `1:02.40` or `1:02:03.40` where `like`, the longest beside it, needs it. */
export function formatTime(seconds: number, like: number = seconds): string {
  return split(Math.round(seconds * 100) / 100, like, 2);
}

/** A waiting time for people: `0:42`, `1:02:03`. */
export function formatClock(seconds: number): string {
  return split(Math.ceil(seconds), Math.max(60, seconds), 0);
}

// ---- below: internals ----

function split(seconds: number, like: number, decimals: number): string {
  if (like < 60) return seconds.toFixed(decimals);
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = (seconds % 60).toFixed(decimals).padStart(decimals ? decimals + 3 : 2, '0');
  if (like < 3600) return `${Math.floor(seconds / 60)}:${rest}`;
  return `${hours}:${String(minutes).padStart(2, '0')}:${rest}`;
}
