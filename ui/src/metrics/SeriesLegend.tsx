import { TextInput, UnstyledButton } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { seriesColor } from '../chart/colors';
import type { Scheme } from '../chart/axes';
import { formatCount } from '../lib/format';
import { formatValue, summaryOf, type AlignedSeries } from '../lib/metrics';
import { visibleText } from '../lib/visible';
import classes from './SeriesLegend.module.css';

interface SeriesLegendProps {
  series: AlignedSeries['series'];
  scheme: Scheme;
  hidden: ReadonlySet<string>;
  onHidden: (hidden: ReadonlySet<string>) => void;
}

type Order = 'name' | 'min' | 'mean' | 'max' | 'last';

/* More rows are found by the filter. */
const rowsMax = 200;

/** The series of a chart with their least, mean, greatest and last value; a click hides one, with Shift all others. */
export function SeriesLegend({ series, scheme, hidden, onHidden }: SeriesLegendProps) {
  const [filter, setFilter] = useState('');
  const [order, setOrder] = useState<Order>('name');
  const rows = useMemo(
    () =>
      series.map((one, position) => ({
        name: one.name,
        color: seriesColor(scheme, position),
        ...summaryOf(one.values),
      })),
    [series, scheme],
  );
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const found = rows.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)));
  if (order !== 'name') {
    found.sort((a, b) => (b[order] ?? -Infinity) - (a[order] ?? -Infinity));
  }
  const click = (name: string, alone: boolean) => {
    const others = rows.map((row) => row.name).filter((other) => other !== name);
    if (alone) {
      const isAlone = !hidden.has(name) && others.every((other) => hidden.has(other));
      onHidden(new Set(isAlone ? [] : others));
      return;
    }
    const next = new Set(hidden);
    if (!next.delete(name)) next.add(name);
    onHidden(next);
  };
  return (
    <div>
      <div className={classes.tools}>
        <TextInput
          size="xs"
          aria-label="Filter the series"
          placeholder="Filter series"
          leftSection={<IconSearch size={13} />}
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
        />
        <span role="status">
          {words.length > 0 ? `${formatCount(found.length)} of ` : ''}
          {formatCount(rows.length)} series
          {found.length > rowsMax ? `, ${rowsMax} listed` : ''}
        </span>
        {hidden.size > 0 && (
          <UnstyledButton className={classes.all} onClick={() => onHidden(new Set())}>
            Show all
          </UnstyledButton>
        )}
      </div>
      <div className={classes.frame}>
        <table className={classes.table} aria-label="Series">
          <thead>
            <tr>
              {(['name', 'min', 'mean', 'max', 'last'] as const).map((column) => (
                <th
                  key={column}
                  aria-sort={
                    order === column ? (column === 'name' ? 'ascending' : 'descending') : 'none'
                  }
                >
                  <UnstyledButton className={classes.sort} onClick={() => setOrder(column)}>
                    {column === 'name' ? 'Series' : column}
                  </UnstyledButton>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {found.slice(0, rowsMax).map(({ name, color, min, mean, max, last }, position) => (
              <tr key={`${position} ${name}`} data-hidden={hidden.has(name) || undefined}>
                <td>
                  <UnstyledButton
                    className={classes.name}
                    aria-pressed={!hidden.has(name)}
                    title="Show or hide; with Shift only this one"
                    onClick={(event) => click(name, event.shiftKey)}
                  >
                    <i style={{ background: color }} />
                    <span>{visibleText(name)}</span>
                  </UnstyledButton>
                </td>
                {[min, mean, max, last].map((value, at) => (
                  <td key={at}>{value === null ? '–' : formatValue(value)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
