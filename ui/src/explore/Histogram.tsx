import { useComputedColorScheme } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useEffect, useMemo, useRef, useState } from 'react';
import UPlot from 'uplot';
import type { HistogramAnswer } from '../api';
import { levelFill } from '../app/levelPalette';
import { useUtc } from '../app/preferences';
import { stackHistogram, type StackedHistogram } from '../lib/buckets';
import { formatCompact, formatCount } from '../lib/format';
import { formatMoment } from '../lib/instant';
import { levelColor } from '../lib/levels';
import { fixedRange, formatLength, type ResolvedRange } from '../lib/timeRange';
import classes from './Histogram.module.css';
import { zoomTo } from './store';

interface HistogramProps {
  answer: HistogramAnswer & { range: ResolvedRange };
}

interface Hover {
  position: number;
  left: number;
}

const height = 118;
const yAxisWidth = 46;
const edgeWidth = 4;
/* Half of a letter's width in the axis font. */
const labelHalfWidth = 3.2;

/** Counts by time and level; dragging over it zooms in. */
export function Histogram({ answer }: HistogramProps) {
  const [utc] = useUtc();
  const scheme = useComputedColorScheme('light');
  const { ref, width } = useElementSize();
  const canvas = useRef<HTMLDivElement>(null);
  const [hover, setHover] = useState<Hover | null>(null);
  const stacked = useMemo(
    () => stackHistogram(answer.data.buckets, answer.data.interval_ms, answer.range),
    [answer],
  );

  useEffect(() => {
    const element = canvas.current;
    if (!element || width === 0) return;
    const plot = drawPlot(element, stacked, answer.range, {
      width,
      scheme,
      utc,
      onHover: setHover,
    });
    return () => plot.destroy();
  }, [stacked, answer.range, width, scheme, utc]);

  return (
    <div
      ref={ref}
      className={classes.chart}
      style={{ height }}
      role="img"
      aria-label={summary(stacked, answer.data.total)}
    >
      <div ref={canvas} />
      {hover && <HoverCard stacked={stacked} hover={hover} width={width} utc={utc} />}
    </div>
  );
}

interface HoverCardProps {
  stacked: StackedHistogram;
  hover: Hover;
  width: number;
  utc: boolean;
}

function HoverCard({ stacked, hover, width, utc }: HoverCardProps) {
  const startSeconds = stacked.startSeconds[hover.position];
  if (startSeconds === undefined) return null;
  const counted = stacked.series
    .map((series) => ({ key: series.key, count: series.counts[hover.position] ?? 0 }))
    .filter((series) => series.count > 0);
  const total = counted.reduce((sum, series) => sum + series.count, 0);
  const toLeft = hover.left > width - 210;
  return (
    <div
      className={classes.hover}
      style={toLeft ? { right: width - hover.left + 12 } : { left: hover.left + 12 }}
    >
      <div className={classes.when}>
        {formatMoment(startSeconds * 1000, utc)}
        <span> + {formatLength(stacked.intervalSeconds * 1000)}</span>
      </div>
      {counted.map(({ key, count }) => (
        <div key={key} className={classes.count}>
          <i style={{ background: levelColor(key) }} />
          {key === 'none' ? 'no level' : key}
          <b>{formatCount(count)}</b>
        </div>
      ))}
      {counted.length !== 1 && (
        <div className={classes.count}>
          total <b>{formatCount(total)}</b>
        </div>
      )}
    </div>
  );
}

interface PlotStyle {
  width: number;
  scheme: 'light' | 'dark';
  utc: boolean;
  onHover: (hover: Hover | null) => void;
}

function drawPlot(
  element: HTMLElement,
  stacked: StackedHistogram,
  range: ResolvedRange,
  style: PlotStyle,
): UPlot {
  // Drawn from the highest stack down, so that each covers the one behind it to its own height.
  const series = [...stacked.series].reverse();
  const bars = UPlot.paths.bars?.({ size: [0.86, 60], align: 1, gap: 0 });
  const ink = style.scheme === 'dark' ? '#98a0ae' : '#59616f';
  const line = style.scheme === 'dark' ? '#20242c' : '#eceef2';
  const axis = { stroke: ink, font: '11px "Inter Variable", sans-serif', ticks: { show: false } };
  const highest = Math.max(1, ...(stacked.series.at(-1)?.tops ?? []));
  const bucketAt = (seconds: number) =>
    Math.floor((seconds - (stacked.startSeconds[0] ?? 0)) / stacked.intervalSeconds + 1e-9);
  const options: UPlot.Options = {
    width: style.width,
    height,
    padding: [8, edgeWidth, 0, 0],
    legend: { show: false },
    tzDate: (seconds) => localDate(seconds, style.utc),
    scales: {
      x: { time: true, range: () => [range.startMillis / 1000, range.endMillis / 1000] },
      y: { range: () => [0, highest * 1.06] },
    },
    axes: [
      {
        ...axis,
        size: 24,
        gap: 4,
        grid: { show: false },
        values: timeLabels(range, style),
        space: 74,
      },
      {
        ...axis,
        size: yAxisWidth,
        gap: 6,
        space: 28,
        grid: { stroke: line, width: 1 },
        incrs: [
          1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6, 2e6,
          5e6, 1e7, 1e8,
        ],
        values: (_plot, values) => values.map(formatCompact),
      },
    ],
    cursor: {
      y: false,
      points: { show: false },
      drag: { x: true, y: false, setScale: false },
      dataIdx: (plot, _series, _closest, seconds) =>
        Math.min(Math.max(bucketAt(seconds), 0), plot.data[0].length - 1),
    },
    series: [
      {},
      ...series.map(({ key }) => ({
        fill: levelFill[style.scheme][key],
        width: 0,
        points: { show: false },
        ...(bars ? { paths: bars } : {}),
      })),
    ],
    hooks: {
      setCursor: [
        (plot) => {
          const { left, idx } = plot.cursor;
          const inside = left !== undefined && left >= 0 && typeof idx === 'number';
          style.onHover(
            inside ? { position: idx, left: left + plot.bbox.left / devicePixelRatio } : null,
          );
        },
      ],
      setSelect: [
        (plot) => {
          const { left, width } = plot.select;
          if (width < 4) return;
          const chosen = snap(plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x'), stacked);
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          zoomTo(fixedRange(chosen));
        },
      ],
    },
  };
  const data = [stacked.startSeconds, ...series.map(({ tops }) => tops)] as UPlot.AlignedData;
  return new UPlot(options, data, element);
}

/** Whole buckets, except where only a part of one was chosen. */
function snap(fromSeconds: number, toSeconds: number, stacked: StackedHistogram): ResolvedRange {
  const { intervalSeconds: interval, startSeconds } = stacked;
  const first = startSeconds[0] ?? 0;
  if (toSeconds - fromSeconds < interval) {
    return { startMillis: Math.floor(fromSeconds * 1000), endMillis: Math.ceil(toSeconds * 1000) };
  }
  const down = first + Math.round((fromSeconds - first) / interval) * interval;
  const up = first + Math.round((toSeconds - first) / interval) * interval;
  return {
    startMillis: Math.round(down * 1000),
    endMillis: Math.round(Math.max(up, down + interval) * 1000),
  };
}

/** Clock times where the range is short, days where it is long; none that the edge would cut. */
function timeLabels(range: ResolvedRange, style: PlotStyle): UPlot.Axis.DynamicValues {
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

function localDate(seconds: number, utc: boolean): Date {
  const date = new Date(seconds * 1000);
  return utc ? UPlot.tzDate(date, 'Etc/UTC') : date;
}

function summary(stacked: StackedHistogram, total: number): string {
  const parts = stacked.series.map(({ key, total: count }) => `${formatCount(count)} ${key}`);
  return `Histogram of ${formatCount(total)} events by time and level: ${parts.join(', ') || 'none'}`;
}
