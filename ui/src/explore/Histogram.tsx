import { useComputedColorScheme } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useEffect, useMemo, useRef, useState } from 'react';
import UPlot from 'uplot';
import type { HistogramAnswer } from '../api';
import { levelFill } from '../app/levelPalette';
import { useUtc } from '../app/preferences';
import { countAxis, edgeWidth, localDate, timeAxis, type Scheme } from '../chart/axes';
import classes from '../chart/Chart.module.css';
import { HoverCard } from '../chart/HoverCard';
import { stackHistogram, type StackedHistogram } from '../lib/buckets';
import { formatCount } from '../lib/format';
import { formatMoment } from '../lib/instant';
import { levelColor } from '../lib/levels';
import { formatLength, type ResolvedRange } from '../lib/timeRange';

interface HistogramProps {
  answer: HistogramAnswer & { range: ResolvedRange };
  /** A part that is marked, as the one that is compared. */
  marked: ResolvedRange | null;
  /** A part was dragged over; `other` with Shift. */
  onSelect: (range: ResolvedRange, other: boolean) => void;
}

interface Hover {
  position: number;
  left: number;
}

const height = 118;

/** Counts by time and level. */
export function Histogram({ answer, marked, onSelect }: HistogramProps) {
  const [utc] = useUtc();
  const scheme = useComputedColorScheme('light');
  const { ref, width } = useElementSize();
  const canvas = useRef<HTMLDivElement>(null);
  const [hover, setHover] = useState<Hover | null>(null);
  const stacked = useMemo(
    () => stackHistogram(answer.data.buckets, answer.data.interval_ms, answer.range),
    [answer],
  );
  const select = useRef(onSelect);
  useEffect(() => {
    select.current = onSelect;
  });
  const markedStart = marked?.startMillis;
  const markedEnd = marked?.endMillis;

  useEffect(() => {
    const element = canvas.current;
    if (!element || width === 0) return;
    const plot = drawPlot(element, stacked, answer.range, {
      width,
      scheme,
      utc,
      marked:
        markedStart === undefined || markedEnd === undefined
          ? null
          : { startMillis: markedStart, endMillis: markedEnd },
      onHover: setHover,
      onSelect: (range, other) => select.current(range, other),
    });
    return () => plot.destroy();
  }, [stacked, answer.range, width, scheme, utc, markedStart, markedEnd]);

  return (
    <div
      ref={ref}
      className={classes.chart}
      style={{ height }}
      role="img"
      aria-label={summary(stacked, answer.data.total)}
    >
      <div ref={canvas} />
      {hover && <Card stacked={stacked} hover={hover} width={width} utc={utc} />}
    </div>
  );
}

interface CardProps {
  stacked: StackedHistogram;
  hover: Hover;
  width: number;
  utc: boolean;
}

function Card({ stacked, hover, width, utc }: CardProps) {
  const startSeconds = stacked.startSeconds[hover.position];
  if (startSeconds === undefined) return null;
  const counted = stacked.series
    .map((series) => ({ key: series.key, count: series.counts[hover.position] ?? 0 }))
    .filter((series) => series.count > 0);
  const total = counted.reduce((sum, series) => sum + series.count, 0);
  const lines = counted.map(({ key, count }) => ({
    name: key === 'none' ? 'no level' : key,
    color: levelColor(key),
    value: formatCount(count),
  }));
  const sum = { name: 'total', color: null, value: formatCount(total) };
  return (
    <HoverCard
      left={hover.left}
      width={width}
      lines={counted.length === 1 ? lines : [...lines, sum]}
      when={
        <>
          {formatMoment(startSeconds * 1000, utc)}
          <span> + {formatLength(stacked.intervalSeconds * 1000)}</span>
        </>
      }
    />
  );
}

interface PlotStyle {
  width: number;
  scheme: Scheme;
  utc: boolean;
  marked: ResolvedRange | null;
  onHover: (hover: Hover | null) => void;
  onSelect: (range: ResolvedRange, other: boolean) => void;
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
  const highest = Math.max(1, ...(stacked.series.at(-1)?.tops ?? []));
  const bucketAt = (seconds: number) =>
    Math.floor((seconds - (stacked.startSeconds[0] ?? 0)) / stacked.intervalSeconds + 1e-9);
  let shift = false;
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
    axes: [timeAxis(range, style), countAxis(style.scheme)],
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
      ready: [
        (plot) => {
          plot.over.addEventListener('mousedown', (press) => {
            shift = press.shiftKey;
          });
        },
      ],
      draw: [(plot) => drawMarked(plot, style)],
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
          style.onSelect(chosen, shift);
        },
      ],
    },
  };
  const data = [stacked.startSeconds, ...series.map(({ tops }) => tops)] as UPlot.AlignedData;
  return new UPlot(options, data, element);
}

function drawMarked(plot: UPlot, { marked, scheme }: PlotStyle): void {
  if (!marked) return;
  const { top, height: tall, left: first, width: wide } = plot.bbox;
  const clamp = (at: number) => Math.min(Math.max(at, first), first + wide);
  const left = clamp(plot.valToPos(marked.startMillis / 1000, 'x', true));
  const right = clamp(plot.valToPos(marked.endMillis / 1000, 'x', true));
  const color = scheme === 'dark' ? '152, 161, 243' : '74, 83, 209';
  plot.ctx.fillStyle = `rgba(${color}, 0.18)`;
  plot.ctx.fillRect(left, top, right - left, tall);
  plot.ctx.fillStyle = `rgb(${color})`;
  plot.ctx.fillRect(left, top, devicePixelRatio, tall);
  plot.ctx.fillRect(right - devicePixelRatio, top, devicePixelRatio, tall);
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

function summary(stacked: StackedHistogram, total: number): string {
  const parts = stacked.series.map(({ key, total: count }) => `${formatCount(count)} ${key}`);
  return `Histogram of ${formatCount(total)} events by time and level: ${parts.join(', ') || 'none'}`;
}
