import UPlot from 'uplot';
import { formatCompact } from '../lib/format';
import type { ResolvedRange } from '../lib/timeRange';

/* What all charts over time share: their axes, and where time is on them. */

export type Scheme = 'light' | 'dark';

const yAxisWidth = 46;
export const edgeWidth = 4;
/* Half of a letter's width in the axis font. */
const labelHalfWidth = 3.2;

function axisLook(scheme: Scheme): UPlot.Axis {
  const ink = scheme === 'dark' ? '#98a0ae' : '#59616f';
  return { stroke: ink, font: '11px "Inter Variable", sans-serif', ticks: { show: false } };
}

function gridLine(scheme: Scheme): string {
  return scheme === 'dark' ? '#20242c' : '#eceef2';
}

interface TimeAxisStyle {
  scheme: Scheme;
  width: number;
  utc: boolean;
}

/** The axis of time below a chart. */
export function timeAxis(range: ResolvedRange, style: TimeAxisStyle): UPlot.Axis {
  return {
    ...axisLook(style.scheme),
    size: 24,
    gap: 4,
    grid: { show: false },
    values: timeLabels(range, style),
    space: 74,
  };
}

const decades = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8];

/** The axis of counts at the left: whole numbers only. */
export function countAxis(scheme: Scheme): UPlot.Axis {
  return {
    ...valueAxis(scheme, formatCompact),
    incrs: decades.flatMap((decade) => [decade, 2 * decade, 5 * decade]),
  };
}

/** The axis of any numbers at the left. */
export function valueAxis(scheme: Scheme, format: (value: number) => string): UPlot.Axis {
  return {
    ...axisLook(scheme),
    size: yAxisWidth,
    gap: 6,
    space: 28,
    grid: { stroke: gridLine(scheme), width: 1 },
    values: (_plot, values) => values.map(format),
  };
}

/** Clock times where the range is short, days where it is long; none that the edge would cut. */
function timeLabels(range: ResolvedRange, style: TimeAxisStyle): UPlot.Axis.DynamicValues {
  const length = range.endMillis - range.startMillis;
  const form = UPlot.fmtDate(timeForm(length));
  const plotWidth = style.width - yAxisWidth - edgeWidth;
  return (_plot, seconds) =>
    seconds.map((at) => {
      const label = form(localDate(at, style.utc));
      const center = ((at * 1000 - range.startMillis) / length) * plotWidth;
      return center > plotWidth - label.length * labelHalfWidth ? '' : label;
    });
}

function timeForm(lengthMillis: number): string {
  if (lengthMillis > 150 * 86_400_000) return '{YYYY}-{MM}';
  if (lengthMillis > 4 * 86_400_000) return '{MMM} {DD}';
  if (lengthMillis > 20 * 3_600_000) return '{MMM} {DD} {HH}:{mm}';
  if (lengthMillis > 8 * 60_000) return '{HH}:{mm}';
  return lengthMillis > 8000 ? '{HH}:{mm}:{ss}' : '{HH}:{mm}:{ss}.{fff}';
}

export function localDate(seconds: number, utc: boolean): Date {
  const date = new Date(seconds * 1000);
  return utc ? UPlot.tzDate(date, 'Etc/UTC') : date;
}
