import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef } from 'react';
import type { QueryAnswer } from '../../api';
import { useUtc } from '../../app/preferences';
import { formatCount } from '../../lib/format';
import { formatTimestamp } from '../../lib/instant';
import { levelKey } from '../../lib/levels';
import { isNumber, sortRows, valueText } from '../../lib/resultChart';
import type { Sort } from '../../lib/urlState';
import { clipText, firstLine, visibleText } from '../../lib/visible';
import classes from './ResultTable.module.css';

interface ResultTableProps {
  answer: QueryAnswer['data'];
  sort: Sort | null;
  openId: string | null;
  onSort: (sort: Sort | null) => void;
  /** Where rows are events. */
  onOpen: (id: string) => void;
}

const rowHeight = 27;
const cellCharsMax = 600;
const sampleRows = 200;
const letterWidth = 7.3;

/** The rows of a query, as many as there are; a click on a head orders them. */
export function ResultTable({ answer, sort, openId, onSort, onOpen }: ResultTableProps) {
  const { columns, rows, ids } = answer;
  const [utc] = useUtc();
  const scroller = useRef<HTMLDivElement>(null);
  const head = useRef<HTMLDivElement>(null);
  const events = ids.length === rows.length && ids.length > 0;
  const order = useMemo(() => {
    const all = rows.map((row, at) => ({ row, id: ids[at] ?? String(at) }));
    const column = sort ? columns.indexOf(sort.column) : -1;
    if (!sort || column < 0) return all;
    return sortRows(all, ({ row }) => row[column], sort.descending);
  }, [rows, ids, columns, sort]);
  const widths = useMemo(() => columnWidths(answer, utc), [answer, utc]);
  const numeric = useMemo(() => columns.map((_, at) => isNumeric(rows, at)), [columns, rows]);
  const virtual = useVirtualizer({
    count: order.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => order[index]?.id ?? index,
    overscan: 14,
  });
  useEffect(() => {
    scroller.current?.scrollTo({ top: 0 });
  }, [answer, sort]);

  // Words have the room that is left; a number stays beside the others.
  const widest = numeric.at(-1) === true ? -1 : widths.length - 1;
  const template = widths.map((width, at) => grow(width, at === widest)).join(' ');
  const least = widths.reduce((sum, width) => sum + Math.min(width, 420) + 14, 24);
  const next = (column: string): Sort | null => {
    if (sort?.column !== column) return { column, descending: true };
    return sort.descending ? { column, descending: false } : null;
  };
  return (
    <div
      className={classes.frame}
      role="grid"
      aria-label="Result"
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length}
    >
      <div ref={head} className={classes.headFrame} role="rowgroup">
        <div
          className={classes.head}
          role="row"
          style={{ gridTemplateColumns: template, minWidth: least }}
        >
          {columns.map((column, at) => {
            const sorted = sort?.column === column ? sort : null;
            const Arrow = sorted?.descending ? IconArrowDown : IconArrowUp;
            return (
              <span
                key={at}
                role="columnheader"
                data-number={numeric[at] === true ? true : undefined}
                aria-sort={sorted ? (sorted.descending ? 'descending' : 'ascending') : 'none'}
              >
                <button type="button" onClick={() => onSort(next(column))}>
                  {visibleText(clipText(column, 80))}
                  {sorted && <Arrow size={12} aria-hidden />}
                </button>
              </span>
            );
          })}
        </div>
      </div>
      <div
        ref={scroller}
        className={classes.scroller}
        role="rowgroup"
        data-testid="result"
        // It scrolls, so that it must be reached by keyboard.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        onScroll={(event) => head.current?.scrollTo({ left: event.currentTarget.scrollLeft })}
      >
        <div
          className={classes.canvas}
          role="presentation"
          style={{ height: virtual.getTotalSize(), minWidth: least }}
        >
          {virtual.getVirtualItems().map((item) => {
            const { row, id } = order[item.index] ?? { row: [], id: '' };
            return (
              // Details open by the keys of the page too.
              // eslint-disable-next-line jsx-a11y/click-events-have-key-events
              <div
                key={item.key}
                role="row"
                tabIndex={-1}
                aria-rowindex={item.index + 2}
                className={classes.row}
                data-result={id}
                data-event={events ? id : undefined}
                data-selected={(events && id === openId) || undefined}
                data-opens={events || undefined}
                style={{
                  gridTemplateColumns: template,
                  transform: `translateY(${item.start}px)`,
                }}
                onClick={() => {
                  if (events && window.getSelection()?.isCollapsed !== false) onOpen(id);
                }}
              >
                {row.map((value, at) => (
                  <span
                    key={at}
                    role="gridcell"
                    data-number={numeric[at] === true ? true : undefined}
                    data-none={value === null || undefined}
                    data-level={isLevel(columns[at]) ? levelKey(valueText(value)) : undefined}
                    title={titleOf(value)}
                  >
                    {cellText(value, answer.types[at] ?? 'value', utc)}
                  </span>
                ))}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

function isLevel(column: string | undefined): boolean {
  return column === 'level' || column === '@level';
}

function cellText(value: unknown, type: 'time' | 'value', utc: boolean): string {
  if (type === 'time' && typeof value === 'string') {
    const text = formatTimestamp(value, { utc, detail: 'full' });
    return text.endsWith('.000') ? text.slice(0, -4) : text;
  }
  if (typeof value === 'bigint') return formatCount(value);
  if (typeof value === 'number') return formatNumber(value);
  const { first, more } = firstLine(valueText(value));
  return visibleText(clipText(first, cellCharsMax)) + (more > 0 ? ` ⏎ +${more}` : '');
}

/** A number as people read it; six digits behind the point are enough. */
export function formatNumber(value: number): string {
  if (Number.isSafeInteger(value)) return formatCount(value);
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e15)) return value.toExponential(4);
  return value.toLocaleString('en-US', { maximumSignificantDigits: size < 1 ? 5 : 8 });
}

function titleOf(value: unknown): string | undefined {
  const text = valueText(value);
  return text.length > 30 ? visibleText(clipText(text, 1000)) : undefined;
}

function isNumeric(rows: readonly unknown[][], at: number): boolean {
  const values = rows.slice(0, sampleRows).map((row) => row[at]);
  const known = values.filter((value) => value !== null);
  return known.length > 0 && known.every(isNumber);
}

/** As wide as the first rows need. */
function columnWidths({ columns, types, rows }: QueryAnswer['data'], utc: boolean): number[] {
  return columns.map((column, at) => {
    const cells = rows
      .slice(0, sampleRows)
      .map((row) => cellText(row[at], types[at] ?? 'value', utc).length);
    return Math.min(Math.max(column.length + 2, ...cells, 4), 90) * letterWidth + 6;
  });
}

function grow(width: number, widest: boolean): string {
  return `minmax(${Math.round(Math.min(width, 420))}px, ${widest ? '1fr' : `${Math.round(width)}px`})`;
}
