import type { Scheme } from './axes';

/* Colours of series, told apart also by those who see few colours; the same order everywhere. */
const palette: Record<Scheme, readonly string[]> = {
  light: [
    '#4a53d1',
    '#d9622b',
    '#14866d',
    '#b0368c',
    '#b58900',
    '#2f86c9',
    '#7a4fd0',
    '#a23b3b',
    '#5f8a1f',
    '#6b7381',
  ],
  dark: [
    '#8b95f5',
    '#f08a55',
    '#43c2a2',
    '#e07cc0',
    '#dfb83f',
    '#62b2ee',
    '#b294f5',
    '#ef8080',
    '#a3cc5c',
    '#98a0ae',
  ],
};

/** The colour of the series at `position`; after the tenth they come again. */
export function seriesColor(scheme: Scheme, position: number): string {
  const colors = palette[scheme];
  return colors[position % colors.length] ?? '#6b7381';
}
