import UPlot from 'uplot';
import type { ResolvedRange } from '../lib/timeRange';
import { countAxis, edgeWidth, localDate, timeAxis, valueAxis, type Scheme } from './axes';

/* Series over time, drawn by uPlot. */

export interface TimeSeries {
  name: string;
  /** Where it is not by its place. */
  color?: string;
  /** A value a time; null where there is none. */
  values: readonly (number | null)[];
}

export interface TimeData {
  /** Seconds since 1970, ascending. */
  seconds: number[];
  /** How long a value stands for, in seconds; null where values are of moments. */
  stepSeconds: number | null;
  series: TimeSeries[];
}

/** Bars and areas stand on top of each other. */
export type PlotKind = 'line' | 'bar' | 'stacked';

/** Where the pointer is. */
export interface Pointer {
  /** The place of its time in the data. */
  position: number;
  left: number;
  /** The value at its height. */
  value: number | null;
}

export interface PlotStyle {
  width: number;
  height: number;
  scheme: Scheme;
  utc: boolean;
  range: ResolvedRange;
  kind: PlotKind;
  /** How values stand at the axis; null for whole numbers. */
  format: ((value: number) => string) | null;
  marked: ResolvedRange | null;
  onPointer: (pointer: Pointer | null) => void;
  /** A part of the time was dragged over, of whole steps where there are such; `shift` with that key. */
  onSelect: (range: ResolvedRange, shift: boolean) => void;
}

export type ShownSeries = TimeSeries & { color: string };

/** Draws into `element`; the answer is to be destroyed. */
export function drawPlot(
  element: HTMLElement,
  data: TimeData,
  shown: readonly ShownSeries[],
  style: PlotStyle,
): UPlot {
  const { range, kind, scheme, format } = style;
  const columns = kind === 'line' ? shown.map(({ values }) => values) : stack(shown);
  // The highest stack is drawn first, so that each covers the one behind it to its own height.
  const order = shown.map((_, position) => position);
  if (kind !== 'line') order.reverse();
  let shift = false;
  const options: UPlot.Options = {
    width: style.width,
    height: style.height,
    padding: [8, edgeWidth, 0, 0],
    legend: { show: false },
    tzDate: (seconds) => localDate(seconds, style.utc),
    scales: {
      x: { time: true, range: () => [range.startMillis / 1000, range.endMillis / 1000] },
      y: { range: (_plot, low, high) => bounds(low, high) },
    },
    axes: [timeAxis(range, style), format ? valueAxis(scheme, format) : countAxis(scheme)],
    cursor: {
      y: false,
      points: { show: kind === 'line', size: 6 },
      drag: { x: true, y: false, setScale: false },
      dataIdx: (_plot, _series, closest, seconds) =>
        kind === 'bar' ? (stepAt(data, seconds) ?? closest) : closest,
    },
    series: [{}, ...order.map((position) => look(kind, shown[position]?.color ?? '#000'))],
    hooks: {
      ready: [
        (plot) =>
          plot.over.addEventListener('mousedown', (press) => {
            shift = press.shiftKey;
          }),
      ],
      draw: [(plot) => drawMarked(plot, style)],
      setCursor: [(plot) => style.onPointer(pointerOf(plot))],
      setSelect: [
        (plot) => {
          const { left, width } = plot.select;
          if (width < 4) return;
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          const [from, to] = [plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')];
          style.onSelect(snap(from, to, data), shift);
        },
      ],
    },
  };
  const aligned = [data.seconds, ...order.map((position) => columns[position] ?? [])];
  return new UPlot(options, aligned as UPlot.AlignedData, element);
}

function look(kind: PlotKind, color: string): UPlot.Series {
  if (kind === 'line') return { stroke: color, width: 1.6, points: { size: 4, fill: color } };
  if (kind === 'stacked') return { stroke: color, fill: color, width: 1, points: { show: false } };
  const paths = UPlot.paths.bars?.({ size: [0.86, 60], align: 1, gap: 0 });
  return { fill: color, width: 0, points: { show: false }, ...(paths ? { paths } : {}) };
}

function pointerOf(plot: UPlot): Pointer | null {
  const { left, top, idx } = plot.cursor;
  if (left === undefined || left < 0 || typeof idx !== 'number') return null;
  return {
    position: idx,
    left: left + plot.bbox.left / devicePixelRatio,
    value: typeof top === 'number' && top >= 0 ? plot.posToVal(top, 'y') : null,
  };
}

/** From zero, unless there is something below it; never without height. */
function bounds(low: number | null, high: number | null): [number, number] {
  const least = Math.min(0, low ?? 0);
  const most = Math.max(0, high ?? 0);
  if (least === most) return [0, 1];
  const room = (most - least) * 0.06;
  return [least === 0 ? 0 : least - room, most + room];
}

function stack(shown: readonly TimeSeries[]): number[][] {
  const below: number[] = [];
  return shown.map(({ values }) =>
    values.map((value, at) => (below[at] = (below[at] ?? 0) + (value ?? 0))),
  );
}

/** The step that a time is in. */
function stepAt({ seconds, stepSeconds }: TimeData, at: number): number | null {
  if (stepSeconds === null) return null;
  const position = Math.floor((at - (seconds[0] ?? 0)) / stepSeconds + 1e-9);
  return Math.min(Math.max(position, 0), seconds.length - 1);
}

/** Whole steps, except where only a part of one was chosen. */
function snap(from: number, to: number, { seconds, stepSeconds: step }: TimeData): ResolvedRange {
  if (step === null || to - from < step) {
    return { startMillis: Math.floor(from * 1000), endMillis: Math.ceil(to * 1000) };
  }
  const first = seconds[0] ?? 0;
  const down = first + Math.round((from - first) / step) * step;
  const up = first + Math.round((to - first) / step) * step;
  return {
    startMillis: Math.round(down * 1000),
    endMillis: Math.round(Math.max(up, down + step) * 1000),
  };
}

function drawMarked(plot: UPlot, { marked, scheme }: PlotStyle): void {
  if (!marked) return;
  const { top, height, left: first, width } = plot.bbox;
  const clamp = (at: number) => Math.min(Math.max(at, first), first + width);
  const left = clamp(plot.valToPos(marked.startMillis / 1000, 'x', true));
  const right = clamp(plot.valToPos(marked.endMillis / 1000, 'x', true));
  const color = scheme === 'dark' ? '152, 161, 243' : '74, 83, 209';
  plot.ctx.fillStyle = `rgba(${color}, 0.18)`;
  plot.ctx.fillRect(left, top, right - left, height);
  plot.ctx.fillStyle = `rgb(${color})`;
  plot.ctx.fillRect(left, top, devicePixelRatio, height);
  plot.ctx.fillRect(right - devicePixelRatio, top, devicePixelRatio, height);
}
