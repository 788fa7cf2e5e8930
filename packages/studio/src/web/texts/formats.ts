import type { Language } from '../../contract/common.ts';

export interface Formats {
  /** `1,234.5` */
  number(value: number, maximumFractionDigits?: number): string;
  /** 0.253 as `25 %`. */
  percent(share: number, fractionDigits?: number): string;
  /** A moment of the contract, e.g. `22 Nov 2026, 14:05`. */
  moment(iso: string): string;
  date(iso: string): string;
  /** `1.63 s` */
  seconds(seconds: number): string;
  /** `m:ss.mmm`, with hours where there are any. */
  time(seconds: number): string;
  /** The length of a video to the second: `10:03`. */
  length(seconds: number): string;
  /** A rough span for what still takes a while: `40 s`, `3 min`. */
  span(seconds: number): string;
  /** `1.2 GB` */
  bytes(bytes: number): string;
  /** Several names in one sentence. */
  list(items: readonly string[]): string;
}

export function formats(language: Language): Formats {
  const locale = localeOf(language);
  const dateOptions: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', year: 'numeric' };
  const moments = new Intl.DateTimeFormat(locale, { ...dateOptions, hour: '2-digit', minute: '2-digit' });
  const dates = new Intl.DateTimeFormat(locale, dateOptions);
  const lists = new Intl.ListFormat(locale, { type: 'conjunction' });
  const number = (value: number, maximumFractionDigits = 2) => value.toLocaleString(locale, { maximumFractionDigits });
  return {
    number,
    percent: (share, maximumFractionDigits = 0) =>
      share.toLocaleString(locale, { style: 'percent', maximumFractionDigits }),
    moment: (iso) => moments.format(new Date(iso)),
    date: (iso) => dates.format(new Date(iso)),
    seconds: (seconds) => `${fixed(seconds, locale, 2)} s`,
    time: (seconds) => clock(Math.round(seconds * 1000) / 1000, 3),
    length: (seconds) => clock(Math.round(seconds), 0),
    span: (seconds) => spanText(seconds, language),
    bytes: (bytes) => byteText(bytes, number),
    list: (items) => lists.format(items),
  };
}

// ---- below: internals ----

/** The person's own variant of the language where the browser names one: day and month stand as they are used to. */
function localeOf(language: Language): string {
  const wanted = typeof navigator === 'undefined' ? [] : navigator.languages;
  return wanted.find((tag) => tag.toLowerCase().startsWith(language)) ?? (language === 'zh' ? 'zh-CN' : 'en-GB');
}

const fixed = (value: number, locale: string, digits: number) =>
  value.toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: false });

function clock(seconds: number, decimals: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = (seconds % 60).toFixed(decimals).padStart(decimals ? decimals + 3 : 2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

function spanText(seconds: number, language: Language): string {
  const [value, english, chinese] =
    seconds < 90
      ? [Math.max(1, Math.round(seconds)), 's', '秒']
      : seconds < 5400
        ? [Math.round(seconds / 60), 'min', '分钟']
        : [Math.round(seconds / 360) / 10, 'h', '小时'];
  return `${value} ${language === 'zh' ? chinese : english}`;
}

function byteText(bytes: number, number: Formats['number']): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${number(bytes / 1000 ** power, power < 2 ? 0 : 1)} ${units[power]}`;
}
