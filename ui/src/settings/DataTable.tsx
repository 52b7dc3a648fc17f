import { Button, Group, Skeleton, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { ErrorPanel } from '../app/ErrorPanel';
import { formatCount } from '../lib/format';
import classes from './DataTable.module.css';

export interface Column<T> {
  name: string;
  render: (row: T) => ReactNode;
  align?: 'right';
  /** Short, and never broken into lines. */
  whole?: boolean;
  /** Its share, as CSS says it: then the columns of tables below each other stand in line. */
  width?: string;
  /** The head of the table says nothing, as for buttons; a card does. */
  quiet?: boolean;
}

interface DataTableProps<T> {
  label: string;
  columns: Column<T>[];
  query: {
    data: T[] | undefined;
    isError: boolean;
    error: Error | null;
    refetch: () => unknown;
  };
  keyOf: (row: T) => string | number;
  empty: ReactNode;
  /** A row that no longer counts. */
  faded?: (row: T) => boolean;
}

/* The roles are said outright, because rows become cards on a phone and would lose them. */
/* eslint-disable jsx-a11y/no-redundant-roles, jsx-a11y/no-interactive-element-to-noninteractive-role */

/** A list as a table, on a phone as cards; also while it loads, fails or is empty. */
export function DataTable<T>({ label, columns, query, keyOf, empty, faded }: DataTableProps<T>) {
  const { data, isError, error, refetch } = query;
  if (isError && error && !data) {
    return (
      <ErrorPanel error={error} title="The list could not be read" onRetry={() => void refetch()} />
    );
  }
  if (!data) {
    return (
      <div className={classes.loading} role="status" aria-label={`Loading ${label}`}>
        {[92, 78, 86, 70].map((width) => (
          <Skeleton key={width} height={16} width={`${width}%`} />
        ))}
      </div>
    );
  }
  if (data.length === 0) return <div className={classes.empty}>{empty}</div>;
  return (
    <div className={classes.frame}>
      <table
        className={classes.table}
        role="table"
        aria-label={label}
        data-fixed={columns.some(({ width }) => width) || undefined}
      >
        <colgroup>
          {columns.map(({ name, width }) => (
            <col key={name} style={{ width }} />
          ))}
        </colgroup>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map(({ name, align, quiet }) => (
              <th key={name} role="columnheader" data-align={align}>
                {quiet ? <span className={classes.hidden}>{name}</span> : name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {data.map((row) => (
            <tr key={keyOf(row)} role="row" data-faded={faded?.(row) === true ? true : undefined}>
              {columns.map(({ name, render, align, whole }) => (
                <td key={name} role="cell" data-align={align} data-label={name} data-whole={whole}>
                  <div className={classes.cell}>{render(row)}</div>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface PagerProps {
  offset: number;
  limit: number;
  total: number | undefined;
  onMove: (offset: number) => void;
}

/** Which part of a long list is shown, and the way to the others. */
export function Pager({ offset, limit, total, onMove }: PagerProps) {
  if (total === undefined || (total <= limit && offset === 0)) return null;
  const last = Math.min(offset + limit, total);
  return (
    <Group gap={8} mt={10} justify="flex-end">
      <Text size="sm" c="var(--ink-dim)" role="status">
        {formatCount(Math.min(offset + 1, total))} to {formatCount(last)} of {formatCount(total)}
      </Text>
      <Button
        size="xs"
        variant="default"
        disabled={offset === 0}
        onClick={() => onMove(Math.max(0, offset - limit))}
      >
        Previous
      </Button>
      <Button
        size="xs"
        variant="default"
        disabled={last >= total}
        onClick={() => onMove(offset + limit)}
      >
        Next
      </Button>
    </Group>
  );
}
