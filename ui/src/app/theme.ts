import {
  createTheme,
  type CSSVariablesResolver,
  type MantineColorsTuple,
  Tooltip,
} from '@mantine/core';
import { levelKeys } from '../lib/levels';
import { levelFill, levelText } from './levelPalette';

const dark: MantineColorsTuple = [
  '#dfe2e8',
  '#b9bfca',
  '#98a0ae',
  '#6b7381',
  '#3a404b',
  '#2b303a',
  '#20242c',
  '#181b21',
  '#121419',
  '#0c0e12',
];

const indigo: MantineColorsTuple = [
  '#eef0ff',
  '#dfe2fd',
  '#bdc3f8',
  '#98a1f3',
  '#7983ee',
  '#6570eb',
  '#5560e6',
  '#4a53d1',
  '#4149bb',
  '#353da5',
];

export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 7, dark: 6 },
  colors: { dark, indigo },
  fontFamily: '"Inter Variable", system-ui, sans-serif',
  fontFamilyMonospace: '"JetBrains Mono Variable", ui-monospace, monospace',
  defaultRadius: 'sm',
  cursorType: 'pointer',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  components: {
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 350, fz: 12, withArrow: true } }),
  },
});

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--page': '#ffffff',
    '--panel': '#f7f8fa',
    '--raised': '#ffffff',
    '--line': '#e3e6eb',
    '--line-strong': '#cfd4dc',
    '--ink': '#1b1f27',
    '--ink-dim': '#59616f',
    '--mantine-color-dimmed': '#59616f',
    '--row-hover': '#f1f3f8',
    '--row-selected': '#e8ebfd',
    '--mark': '#ffe79a',
    '--mark-ink': '#1b1f27',
    '--accent': '#4a53d1',
    '--accent-strong': '#4a53d1',
    '--good': '#15683c',
    '--bar': '#dfe3fb',
    '--baseline': '#b9c0cb',
    ...levelVariables('light'),
  },
  dark: {
    '--mantine-color-body': '#121419',
    '--page': '#121419',
    '--panel': '#171a20',
    '--raised': '#1b1f26',
    '--line': '#272c35',
    '--line-strong': '#3a404b',
    '--ink': '#dfe2e8',
    '--ink-dim': '#98a0ae',
    '--mantine-color-dimmed': '#98a0ae',
    '--row-hover': '#1b1f27',
    '--row-selected': '#232947',
    '--mark': '#6b5410',
    '--mark-ink': '#fff1c2',
    '--accent': '#98a1f3',
    '--accent-strong': '#5560e6',
    '--good': '#4cc38a',
    '--bar': '#2a3054',
    '--baseline': '#59616f',
    ...levelVariables('dark'),
  },
});

function levelVariables(scheme: 'light' | 'dark'): Record<string, string> {
  return Object.fromEntries(
    levelKeys.flatMap((key) => [
      [`--level-${key}`, levelFill[scheme][key]],
      [`--level-${key}-text`, levelText[scheme][key]],
    ]),
  );
}
