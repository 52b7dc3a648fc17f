import { UnstyledButton, useComputedColorScheme } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { memo, useEffect, useMemo, useRef, useState } from 'react';
import { useUtc } from '../app/preferences';
import { formatCount } from '../lib/format';
import { formatMoment } from '../lib/instant';
import { formatLength, type ResolvedRange } from '../lib/timeRange';
import { visibleText } from '../lib/visible';
import type { Scheme } from './axes';
import classes from './Chart.module.css';
import { seriesColor } from './colors';
import { HoverCard, type HoverLine } from './HoverCard';
import {
  drawPlot,
  type PlotKind,
  type Pointer,
  type ShownSeries,
  type TimeData,
  type TimeSeries,
} from './plot';

interface TimeChartProps {
  data: TimeData;
  range: ResolvedRange;
  kind: PlotKind;
  /** What it shows, for those who do not see it. */
  label: string;
  height?: number;
  /** How a value is written; null where all are whole numbers. */
  format: ((value: number) => string) | null;
  /** The series not drawn, where a legend of the page's own says so; else there is one below. */
  hidden?: ReadonlySet<string>;
  /** A part that is marked. */
  marked?: ResolvedRange | null;
  /** A part of the time was dragged over, `shift` with that key. */
  onSelect: (range: ResolvedRange, shift: boolean) => void;
}

const hoverLinesMax = 12;

/** Series over time, with what stands at the pointer, and a legend. */
export function TimeChart(props: TimeChartProps) {
  const { data, range, kind, label, height = 260, format, marked, onSelect } = props;
  const [utc] = useUtc();
  const scheme = useComputedColorScheme('light');
  const { ref, width } = useElementSize();
  const canvas = useRef<HTMLDivElement>(null);
  const [pointer, setPointer] = useState<Pointer | null>(null);
  const [ownHidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const hidden = props.hidden ?? ownHidden;
  const select = useRef(onSelect);
  useEffect(() => {
    select.current = onSelect;
  });
  const shown = useMemo(
    () =>
      data.series
        .map((series, position) => ({ ...series, color: colorOf(series, scheme, position) }))
        .filter(({ name }) => !hidden.has(name)),
    [data, hidden, scheme],
  );
  const markedStart = marked?.startMillis;
  const markedEnd = marked?.endMillis;

  useEffect(() => {
    const element = canvas.current;
    if (!element || width === 0) return;
    const plot = drawPlot(element, data, shown, {
      width,
      height,
      scheme,
      utc,
      range,
      kind,
      format,
      marked:
        markedStart === undefined || markedEnd === undefined
          ? null
          : { startMillis: markedStart, endMillis: markedEnd },
      onPointer: setPointer,
      onSelect: (chosen, shift) => select.current(chosen, shift),
    });
    return () => plot.destroy();
  }, [data, shown, width, height, scheme, utc, range, kind, format, markedStart, markedEnd]);

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
        {pointer && <Card {...{ data, shown, pointer, width, format, utc, kind }} />}
      </div>
      {data.series.length > 1 && !props.hidden && (
        <Legend series={data.series} scheme={scheme} hidden={hidden} onHidden={setHidden} />
      )}
    </div>
  );
}

function colorOf({ color }: TimeSeries, scheme: Scheme, position: number): string {
  return color ?? seriesColor(scheme, position);
}

interface LegendProps {
  series: TimeSeries[];
  scheme: Scheme;
  hidden: ReadonlySet<string>;
  onHidden: (hidden: ReadonlySet<string>) => void;
}

const Legend = memo(function Legend({ series, scheme, hidden, onHidden }: LegendProps) {
  const toggle = (name: string) => {
    const next = new Set(hidden);
    if (!next.delete(name)) next.add(name);
    onHidden(next);
  };
  return (
    <ul className={classes.legend} aria-label="Series">
      {series.map((one, position) => (
        <li key={one.name}>
          <UnstyledButton
            className={classes.series}
            aria-pressed={!hidden.has(one.name)}
            title="Show or hide; with Shift only this one"
            onClick={(click) => {
              const others = series.map(({ name }) => name).filter((name) => name !== one.name);
              if (click.shiftKey) onHidden(new Set(others));
              else toggle(one.name);
            }}
          >
            <i style={{ background: colorOf(one, scheme, position) }} />
            <span className={classes.name}>{visibleText(one.name)}</span>
          </UnstyledButton>
        </li>
      ))}
    </ul>
  );
});

interface CardProps {
  data: TimeData;
  shown: ShownSeries[];
  pointer: Pointer;
  width: number;
  format: TimeChartProps['format'];
  utc: boolean;
  kind: PlotKind;
}

function Card({ data, shown, pointer, width, format, utc, kind }: CardProps) {
  const seconds = data.seconds[pointer.position];
  if (seconds === undefined) return null;
  const values = shown.flatMap(({ name, color, values }) => {
    const value = values[pointer.position];
    return typeof value === 'number' ? [{ name, color, value }] : [];
  });
  const text = format ?? formatCount;
  const lines = kind === 'line' ? nearLines(values, pointer, text) : stackedLines(values, text);
  return (
    <HoverCard
      left={pointer.left}
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

interface Value {
  name: string;
  color: string;
  value: number;
}

/** The greatest first; those around the pointer, when there are too many. */
function nearLines(
  values: Value[],
  pointer: Pointer,
  text: (value: number) => string,
): HoverLine[] {
  const sorted = values.sort((a, b) => b.value - a.value);
  const near = sorted.length > 1 ? nearest(sorted, pointer.value) : -1;
  const first = Math.max(0, Math.min(near - hoverLinesMax / 2, sorted.length - hoverLinesMax));
  const lines = sorted.slice(first, first + hoverLinesMax).map(({ name, color, value }, at) => ({
    name,
    color,
    value: text(value),
    near: first + at === near,
  }));
  return withRest(lines, sorted.length);
}

/** As they are stacked, while there are few, and their sum. */
function stackedLines(values: Value[], text: (value: number) => string): HoverLine[] {
  const there = values.filter(({ value }) => value !== 0);
  if (there.length > hoverLinesMax) there.sort((a, b) => b.value - a.value);
  const lines = there.slice(0, hoverLinesMax).map((one) => ({ ...one, value: text(one.value) }));
  const sum = there.reduce((total, { value }) => total + value, 0);
  const all = withRest(lines, there.length);
  return there.length === 1 ? all : [...all, { name: 'total', color: null, value: text(sum) }];
}

function withRest(lines: HoverLine[], count: number): HoverLine[] {
  const left = count - lines.length;
  return left > 0 ? [...lines, { name: `and ${left} more`, color: null, value: '' }] : lines;
}

function nearest(sorted: Value[], at: number | null): number {
  if (at === null) return -1;
  let best = 0;
  sorted.forEach(({ value }, position) => {
    const before = sorted[best]?.value ?? 0;
    if (Math.abs(value - at) < Math.abs(before - at)) best = position;
  });
  return best;
}
