import type { LevelKey } from '../lib/levels';

type Palette = Record<LevelKey, string>;

/** Colours of areas: bars, dots, edges. */
export const levelFill: Record<'light' | 'dark', Palette> = {
  light: {
    fatal: '#a3176b',
    error: '#e0394b',
    warn: '#eda41c',
    info: '#5b9be6',
    debug: '#9a8fe0',
    trace: '#a9b2bf',
    none: '#c5cbd5',
  },
  dark: {
    fatal: '#e356a9',
    error: '#ee5460',
    warn: '#e5a63a',
    info: '#4b8fe2',
    debug: '#8577d9',
    trace: '#66707f',
    none: '#4d5664',
  },
};

/** Colours of words, readable on the page at 4.5 : 1. */
export const levelText: Record<'light' | 'dark', Palette> = {
  light: {
    fatal: '#8f105c',
    error: '#bd1f33',
    warn: '#8a5a00',
    info: '#1f62ad',
    debug: '#5d4fbc',
    trace: '#59616f',
    none: '#59616f',
  },
  dark: {
    fatal: '#f283c4',
    error: '#ff8087',
    warn: '#f2be63',
    info: '#7fb5f5',
    debug: '#b0a5f5',
    trace: '#98a0ae',
    none: '#98a0ae',
  },
};
