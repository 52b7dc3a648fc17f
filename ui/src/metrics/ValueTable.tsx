import { Skeleton, Text, UnstyledButton } from '@mantine/core';
import { useMemo, useState } from 'react';
import { formatMoment } from '../lib/instant';
import { formatCount } from '../lib/format';
import { parseValue, seriesName } from '../lib/metrics';
import { visibleText } from '../lib/visible';
import type { ValueRow } from './data';
import classes from './MetricsPage.module.css';

interface ValueTableProps {
  rows: ValueRow[];
  pending: boolean;
  utc: boolean;
}

/* The rest is found by a narrower query. */
const rowsMax = 1000;

/** The value of each series at the end of the range. */
export function ValueTable({ rows, pending, utc }: ValueTableProps) {
  const [byValue, setByValue] = useState(false);
  const sorted = useMemo(
    () => (byValue ? [...rows].sort((a, b) => parseValue(b.text) - parseValue(a.text) || 0) : rows),
    [rows, byValue],
  );
  if (pending) return <Skeleton height={200} radius={6} aria-label="Loading" role="status" />;
  if (rows.length === 0) {
    return <Text className={classes.nothing}>No series has a value at this time.</Text>;
  }
  return (
    <>
      <Text size="xs" c="var(--ink-dim)" mb={4} role="status">
        {formatCount(rows.length)} series at {formatMoment((rows[0]?.at ?? 0) * 1000, utc)}
        {rows.length > rowsMax ? `, the first ${formatCount(rowsMax)} are listed` : ''}
      </Text>
      <div className={classes.tableFrame}>
        <table className={classes.table} aria-label="Values">
          <thead>
            <tr>
              <th>Series</th>
              <th aria-sort={byValue ? 'descending' : 'none'}>
                <UnstyledButton className={classes.sort} onClick={() => setByValue(!byValue)}>
                  Value
                </UnstyledButton>
              </th>
            </tr>
          </thead>
          <tbody>
            {sorted.slice(0, rowsMax).map(({ query, labels, at, text }, position) => (
              <tr key={`${query} ${position} ${at}`}>
                <td className={classes.mono}>{visibleText(seriesName(labels))}</td>
                <td>{visibleText(text)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
