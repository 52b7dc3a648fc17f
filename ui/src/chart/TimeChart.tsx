import { UnstyledButton, useComputedColorScheme } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useEffect, useMemo, useRef, useState } from 'react';
import UPlot from 'uplot';
import { useUtc } from '../app/preferences';
import { formatMoment } from '../lib/instant';
import { formatLength, type ResolvedRange } from '../lib/timeRange';
import { edgeWidth, localDate, timeAxis, valueAxis, type Scheme } from './axes';
import classes from './Chart.module.css';
import { seriesColor } from './colors';
import { HoverCard, type HoverLine } from './HoverCard';

export interface TimeSeries {
  name: string;
  /** A value a time; null where there is none. */
  values: (number | null)[];
}

export interface TimeData {
  /** Seconds since 1970, ascending. */
  seconds: number[];
  /** How long a value stands for, in seconds; null where values are of moments. */
  stepSeconds: number | null;
  series: TimeSeries[];
}

interface TimeChartProps {
  data: TimeData;
  range: ResolvedRange;
  /** Bars and areas stand on top of each other. */
  kind: 'line' | 'bar' | 'stacked';
  /** What it shows, for those who do not see it. */
  label: string;
  height?: number;
  format: (value: number) => string;
  /** The series not drawn, where a legend of the page's own says so; else there is one below. */
  hidden?: ReadonlySet<string>;
  /** A part of the time was dragged over. */
  onZoom?: (range: ResolvedRange) => void;
}

interface Hover {
  position: number;
  left: number;
  /** The value that the pointer is at. */
  value: number | null;
}

const hoverLinesMax = 12;

/** Series over time, as lines or as bars, with what stands at the pointer and a legend. */
export function TimeChart(props: TimeChartProps) {
  const { data, range, kind, label, height = 260, format, onZoom } = props;
  const [utc] = useUtc();
  const scheme = useComputedColorScheme('light');
  const { ref, width } = useElementSize();
  const canvas = useRef<HTMLDivElement>(null);
  const [hover, setHover] = useState<Hover | null>(null);
  const [ownHidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const hidden = props.hidden ?? ownHidden;
  const zoom = useRef(onZoom);
  useEffect(() => {
    zoom.current = onZoom;
  });
  const shown = useMemo(
    () =>
      data.series
        .map((series, position) => ({ ...series, color: seriesColor(scheme, position) }))
        .filter(({ name }) => !hidden.has(name)),
    [data, hidden, scheme],
  );

  useEffect(() => {
    const element = canvas.current;
    if (!element || width === 0) return;
    const plot = draw(element, data, shown, {
      width,
      height,
      scheme,
      utc,
      range,
      kind,
      format,
      onHover: setHover,
      onZoom: (chosen) => zoom.current?.(chosen),
    });
    return () => plot.destroy();
  }, [data, shown, width, height, scheme, utc, range, kind, format]);

  const toggle = (name: string) => {
    const next = new Set(hidden);
    if (!next.delete(name)) next.add(name);
    setHidden(next);
  };
  return (
    <div>
      <div
        ref={ref}
        className={classes.chart}
        style={{ height }}
        role="img"
        aria-label={label}
        onDoubleClick={() => setHidden(new Set())}
      >
        <div ref={canvas} />
        {hover && (
          <Card data={data} shown={shown} hover={hover} {...{ width, format, utc, kind }} />
        )}
      </div>
      {data.series.length > 1 && !props.hidden && (
        <ul className={classes.legend} aria-label="Series">
          {data.series.map(({ name }, position) => (
            <li key={name}>
              <UnstyledButton
                className={classes.series}
                aria-pressed={!hidden.has(name)}
                title="Show or hide; with Shift only this one"
                onClick={(click) => {
                  const others = data.series.map((one) => one.name).filter((n) => n !== name);
                  if (click.shiftKey) setHidden(new Set(others));
                  else toggle(name);
                }}
              >
                <i style={{ background: seriesColor(scheme, position) }} />
                <span className={classes.name}>{name}</span>
              </UnstyledButton>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

interface CardProps {
  data: TimeData;
  shown: (TimeSeries & { color: string })[];
  hover: Hover;
  width: number;
  format: (value: number) => string;
  utc: boolean;
  kind: TimeChartProps['kind'];
}

function Card({ data, shown, hover, width, format, utc, kind }: CardProps) {
  const seconds = data.seconds[hover.position];
  if (seconds === undefined) return null;
  const all = shown.flatMap(({ name, color, values }) => {
    const value = values[hover.position];
    return typeof value === 'number' ? [{ name, color, value }] : [];
  });
  const sorted = all.sort((a, b) => b.value - a.value);
  const near = kind === 'line' && sorted.length > 1 ? nearest(sorted, hover.value) : -1;
  // The lines around the one that the pointer is at, when there are too many.
  const first = Math.max(0, Math.min(near - hoverLinesMax / 2, sorted.length - hoverLinesMax));
  const lines: HoverLine[] = sorted
    .slice(first, first + hoverLinesMax)
    .map(({ name, color, value }, at) => ({
      name,
      color,
      value: format(value),
      near: first + at === near,
    }));
  if (sorted.length > hoverLinesMax) {
    lines.push({ name: `and ${sorted.length - hoverLinesMax} more`, color: null, value: '' });
  }
  return (
    <HoverCard
      left={hover.left}
      width={width}
      lines={lines}
      when={
        <>
          {formatMoment(seconds * 1000, utc)}
          {data.stepSeconds !== null && <span> + {formatLength(data.stepSeconds * 1000)}</span>}
        </>
      }
    />
  );
}

function nearest(sorted: { value: number }[], at: number | null): number {
  if (at === null) return -1;
  let best = 0;
  sorted.forEach(({ value }, position) => {
    const before = sorted[best]?.value ?? 0;
    if (Math.abs(value - at) < Math.abs(before - at)) best = position;
  });
  return best;
}

interface DrawStyle {
  width: number;
  height: number;
  scheme: Scheme;
  utc: boolean;
  range: ResolvedRange;
  kind: TimeChartProps['kind'];
  format: (value: number) => string;
  onHover: (hover: Hover | null) => void;
  onZoom: (range: ResolvedRange) => void;
}

function draw(
  element: HTMLElement,
  data: TimeData,
  shown: (TimeSeries & { color: string })[],
  style: DrawStyle,
): UPlot {
  const { width, height, scheme, range, kind } = style;
  const stacked = kind !== 'line' ? stack(shown) : shown.map(({ values }) => values);
  // The highest stack is drawn first, so that each covers the one behind it to its own height.
  const order = shown.map((_, position) => position);
  if (kind !== 'line') order.reverse();
  const bars = UPlot.paths.bars?.({ size: [0.86, 60], align: 1, gap: 0 });
  const options: UPlot.Options = {
    width,
    height,
    padding: [8, edgeWidth, 0, 0],
    legend: { show: false },
    tzDate: (seconds) => localDate(seconds, style.utc),
    scales: {
      x: { time: true, range: () => [range.startMillis / 1000, range.endMillis / 1000] },
      y: { range: (_plot, low, high) => bounds(low, high) },
    },
    axes: [timeAxis(range, style), valueAxis(scheme, style.format)],
    cursor: {
      y: false,
      points: { show: kind === 'line', size: 6 },
      drag: { x: true, y: false, setScale: false },
    },
    series: [
      {},
      ...order.map((position) => {
        const color = shown[position]?.color ?? '#000';
        return kind === 'bar'
          ? { fill: color, width: 0, points: { show: false }, ...(bars ? { paths: bars } : {}) }
          : kind === 'stacked'
            ? { stroke: color, fill: color, width: 1, points: { show: false } }
            : { stroke: color, width: 1.6, points: { size: 4, fill: color } };
      }),
    ],
    hooks: {
      setCursor: [
        (plot) => {
          const { left, top, idx } = plot.cursor;
          const inside = left !== undefined && left >= 0 && typeof idx === 'number';
          const offset = plot.bbox.left / devicePixelRatio;
          const value = typeof top === 'number' && top >= 0 ? plot.posToVal(top, 'y') : null;
          style.onHover(inside ? { position: idx, left: left + offset, value } : null);
        },
      ],
      setSelect: [
        (plot) => {
          const { left, width: chosen } = plot.select;
          if (chosen < 4) return;
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          style.onZoom({
            startMillis: Math.floor(plot.posToVal(left, 'x') * 1000),
            endMillis: Math.ceil(plot.posToVal(left + chosen, 'x') * 1000),
          });
        },
      ],
    },
  };
  const columns = order.map((position) => stacked[position] ?? []);
  return new UPlot(options, [data.seconds, ...columns] as UPlot.AlignedData, element);
}

/** From zero, unless there is something below it; never without height. */
function bounds(low: number | null, high: number | null): [number, number] {
  const least = Math.min(0, low ?? 0);
  const most = Math.max(0, high ?? 0);
  if (least === most) return [0, 1];
  const room = (most - least) * 0.06;
  return [least === 0 ? 0 : least - room, most + room];
}

function stack(shown: TimeSeries[]): number[][] {
  const below: number[] = [];
  return shown.map(({ values }) =>
    values.map((value, at) => (below[at] = (below[at] ?? 0) + (value ?? 0))),
  );
}
