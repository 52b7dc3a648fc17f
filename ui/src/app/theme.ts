import {
  createTheme,
  type CSSVariablesResolver,
  type MantineColorsTuple,
  Tooltip,
} from '@mantine/core';
import { levelKeys } from '../lib/levels';
import { levelFill, levelText } from './levelPalette';
import { tokens } from './tokens';

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
    ...tokens.light,
    '--mantine-color-dimmed': tokens.light['--ink-dim'],
    ...levelVariables('light'),
  },
  dark: {
    ...tokens.dark,
    '--mantine-color-body': tokens.dark['--page'],
    '--mantine-color-dimmed': tokens.dark['--ink-dim'],
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
