/* The colours of the pages beside those of the levels. */

/** By the scheme: names of CSS variables and their values. */
export const tokens = {
  light: {
    '--page': '#ffffff',
    '--panel': '#f7f8fa',
    '--raised': '#ffffff',
    '--line': '#e3e6eb',
    '--line-strong': '#cfd4dc',
    '--ink': '#1b1f27',
    '--ink-dim': '#59616f',
    '--row-hover': '#f1f3f8',
    '--row-selected': '#e8ebfd',
    '--mark': '#ffe79a',
    '--mark-ink': '#1b1f27',
    '--accent': '#4a53d1',
    '--accent-strong': '#4a53d1',
    '--good': '#15683c',
    '--bar': '#dfe3fb',
    '--baseline': '#b9c0cb',
  },
  dark: {
    '--page': '#121419',
    '--panel': '#171a20',
    '--raised': '#1b1f26',
    '--line': '#272c35',
    '--line-strong': '#3a404b',
    '--ink': '#dfe2e8',
    '--ink-dim': '#98a0ae',
    '--row-hover': '#1b1f27',
    '--row-selected': '#232947',
    '--mark': '#6b5410',
    '--mark-ink': '#fff1c2',
    '--accent': '#98a1f3',
    '--accent-strong': '#5560e6',
    '--good': '#4cc38a',
    '--bar': '#2a3054',
    '--baseline': '#59616f',
  },
} as const;

/** The same as a style sheet, for what is shown before the program. */
export function tokenStyles(): string {
  return Object.entries(tokens)
    .map(([scheme, values]) => {
      const lines = Object.entries(values).map(([name, value]) => `${name}:${value}`);
      return `:root[data-mantine-color-scheme=${scheme}]{color-scheme:${scheme};${lines.join(';')}}`;
    })
    .join('');
}
