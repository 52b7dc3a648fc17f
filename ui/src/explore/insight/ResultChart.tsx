import { Center, SegmentedControl, Select, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { QueryAnswer } from '../../api';
import { BarList } from '../../chart/BarList';
import type { TimeData } from '../../chart/plot';
import { TimeChart } from '../../chart/TimeChart';
import { statsShape } from '../../lib/insight';
import { chartOf, seriesMax } from '../../lib/resultChart';
import { fixedRange, type ResolvedRange } from '../../lib/timeRange';
import type { ChartKind } from '../../lib/urlState';
import { change, zoomTo } from '../store';
import classes from './ResultChart.module.css';
import { formatNumber } from './ResultTable';

interface ResultChartProps {
  answer: QueryAnswer['data'];
  /** The query that it answers. */
  text: string;
  range: ResolvedRange;
  kind: ChartKind;
}

/** The answer of `stats` as lines or bars over time, or as a bar a group. */
export function ResultChart({ answer, text, range, kind }: ResultChartProps) {
  const chart = useMemo(() => chartOf(answer, statsShape(text)), [answer, text]);
  if (chart.kind === 'none') {
    return (
      <Center p={40}>
        <Text size="sm" c="var(--ink-dim)" ta="center">
          {chart.why}
        </Text>
      </Center>
    );
  }
  if (chart.kind === 'groups') {
    return <Groups measures={chart.measures} groups={chart.groups} />;
  }
  return (
    <div className={classes.frame}>
      <div className={classes.tools}>
        <SegmentedControl
          size="xs"
          aria-label="Kind of chart"
          data={[
            { value: 'line', label: 'Lines' },
            { value: 'bar', label: 'Bars' },
          ]}
          value={kind}
          onChange={(value) => change({ chart: value === 'bar' ? 'bar' : 'line' }, 'replace')}
        />
        {chart.left > 0 && (
          <Text size="xs" c="var(--ink-dim)">
            The {seriesMax} greatest series; {chart.left} more are in the table.
          </Text>
        )}
      </div>
      <Timed chart={chart} range={range} kind={kind} />
    </div>
  );
}

interface TimedProps {
  chart: TimeData;
  range: ResolvedRange;
  kind: ChartKind;
}

function Timed({ chart, range, kind }: TimedProps) {
  const names = chart.series.map(({ name }) => name).join(', ');
  return (
    <TimeChart
      data={chart}
      range={range}
      kind={kind}
      height={330}
      label={`${kind === 'bar' ? 'Bars' : 'Lines'} over time: ${names}`}
      format={formatNumber}
      onSelect={(chosen) => zoomTo(fixedRange(chosen))}
    />
  );
}

/* More are a table. */
const barsMax = 60;

interface GroupsProps {
  measures: string[];
  groups: { name: string; values: (number | null)[] }[];
}

function Groups({ measures, groups }: GroupsProps) {
  const [chosen, setChosen] = useState<string | null>(null);
  const at = Math.max(0, measures.indexOf(chosen ?? ''));
  const bars = groups.map(({ name, values }) => ({ name, value: values[at] ?? null }));
  const sorted = [...bars].sort((a, b) => (b.value ?? -Infinity) - (a.value ?? -Infinity));
  return (
    <div className={classes.frame}>
      <div className={classes.tools}>
        {measures.length > 1 && (
          <Select
            size="xs"
            aria-label="What the bars are of"
            data={measures}
            value={measures[at] ?? null}
            allowDeselect={false}
            onChange={setChosen}
          />
        )}
        {groups.length > barsMax && (
          <Text size="xs" c="var(--ink-dim)">
            The {barsMax} greatest of {groups.length} groups.
          </Text>
        )}
      </div>
      <BarList
        bars={sorted.slice(0, barsMax)}
        label={`${measures[at] ?? ''} by group`}
        format={formatNumber}
      />
    </div>
  );
}
