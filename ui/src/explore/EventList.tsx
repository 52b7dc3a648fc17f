import { Loader, Skeleton } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useRef, type CSSProperties, type ReactNode } from 'react';
import type { BelfryEvent } from '../api';
import { columnTemplate, columnText } from '../lib/columns';
import { formatCount } from '../lib/format';
import { formatTimestamp, type TimestampStyle } from '../lib/instant';
import { levelKey } from '../lib/levels';
import { clipText, firstLine, visibleText } from '../lib/visible';
import classes from './EventList.module.css';
import { EventListHead } from './EventListHead';
import { Highlighted } from './Highlighted';
import { LevelBadge } from './LevelBadge';

interface EventListProps {
  rows: BelfryEvent[];
  /** What is shown beside the time. */
  columns: string[];
  terms: string[];
  selectedId: string | null;
  openId: string | null;
  order: 'asc' | 'desc';
  utc: boolean;
  wrap: boolean;
  detail: TimestampStyle['detail'];
  loadingMore: boolean;
  /** What stands below the last row, once there are no more. */
  end: ReactNode;
  /** A new query: back to the top. */
  queryKey: string;
  onOrder: () => void;
  onColumns: (columns: string[]) => void;
  onOpen: (event: BelfryEvent) => void;
  onNearEnd: () => void;
  onAtTop: (atTop: boolean) => void;
}

const rowHeight = 25;
const narrowRowHeight = 56;
const nearEndRows = 60;
/* More than fits on any screen; the details have the rest. */
const lineCharsMax = 1000;
const wrappedCharsMax = 6000;

/** Events, as many as there are: only those in sight are drawn. */
export function EventList(props: EventListProps) {
  const { rows, columns, selectedId, openId, wrap, onNearEnd, onAtTop, queryKey } = props;
  const narrow = useMediaQuery('(max-width: 760px)', false, { getInitialValueInEffect: false });
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length + 1,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (index === rows.length ? 40 : narrow ? narrowRowHeight : rowHeight),
    getItemKey: (index) => rows[index]?.id ?? 'end',
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const lastIndex = items.at(-1)?.index ?? 0;

  useEffect(() => {
    virtual.measure();
  }, [virtual, narrow, wrap]);

  useEffect(() => {
    scroller.current?.scrollTo({ top: 0 });
  }, [queryKey]);

  useEffect(() => {
    if (rows.length > 0 && lastIndex >= rows.length - nearEndRows) onNearEnd();
  }, [lastIndex, rows.length, onNearEnd]);

  const shownId = openId ?? selectedId;
  useEffect(() => {
    const index = rows.findIndex((row) => row.id === shownId);
    if (index >= 0) virtual.scrollToIndex(index, { align: 'auto' });
    // Only when the selection moves: rows that arrive must not move the list.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [shownId]);

  return (
    <div
      className={classes.frame}
      role="grid"
      aria-label="Events"
      aria-rowcount={rows.length}
      style={{ '--columns': columnTemplate(columns) } as CSSProperties}
    >
      <EventListHead {...props} />
      <div
        ref={scroller}
        className={classes.scroller}
        role="rowgroup"
        data-testid="events"
        onScroll={(event) => onAtTop(event.currentTarget.scrollTop < 4)}
      >
        <div className={classes.canvas} style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const event = rows[item.index];
            return (
              <div
                key={item.key}
                ref={wrap ? virtual.measureElement : undefined}
                data-index={item.index}
                role="presentation"
                className={classes.item}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                {event ? (
                  <Row
                    event={event}
                    index={item.index}
                    columns={columns}
                    selected={event.id === shownId}
                    reached={event.id === shownId || (shownId === null && item.index === 0)}
                    terms={props.terms}
                    utc={props.utc}
                    wrap={wrap}
                    detail={props.detail}
                    onOpen={props.onOpen}
                  />
                ) : (
                  <div className={classes.end}>
                    {props.loadingMore ? <Loader size={16} aria-label="Loading more" /> : props.end}
                  </div>
                )}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

interface RowProps {
  event: BelfryEvent;
  index: number;
  columns: string[];
  selected: boolean;
  /** The Tab key leads here. */
  reached: boolean;
  terms: string[];
  utc: boolean;
  wrap: boolean;
  detail: TimestampStyle['detail'];
  onOpen: (event: BelfryEvent) => void;
}

const Row = memo(function Row(props: RowProps) {
  const { event, index, columns, selected, reached, terms, utc, wrap, detail, onOpen } = props;
  return (
    // The page handles Enter and the arrows for the whole list.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      role="row"
      aria-rowindex={index + 1}
      aria-selected={selected}
      tabIndex={reached ? 0 : -1}
      className={classes.row}
      data-level={levelKey(event.level)}
      data-selected={selected || undefined}
      data-wrap={wrap || undefined}
      data-event={event.id}
      onClick={() => {
        if (window.getSelection()?.isCollapsed !== false) onOpen(event);
      }}
    >
      <span role="gridcell" className={classes.time}>
        <time dateTime={event.timestamp}>{formatTimestamp(event.timestamp, { utc, detail })}</time>
      </span>
      {columns.map((column) => (
        <Cell key={column} column={column} event={event} terms={terms} wrap={wrap} />
      ))}
    </div>
  );
});

interface CellProps {
  column: string;
  event: BelfryEvent;
  terms: string[];
  wrap: boolean;
}

function Cell({ column, event, terms, wrap }: CellProps) {
  const text = column === 'level' ? '' : columnText(event, column);
  switch (column) {
    case 'level':
      return (
        <span role="gridcell" className={classes.level}>
          <LevelBadge level={event.level} />
        </span>
      );
    case 'message':
      return (
        <span role="gridcell" className={classes.message}>
          <Line text={text} terms={terms} wrap={wrap} />
        </span>
      );
    default:
      return (
        <span
          role="gridcell"
          className={column === 'source' ? classes.source : classes.other}
          title={visibleText(clipText(text, 300))}
        >
          {visibleText(clipText(text, 300))}
        </span>
      );
  }
}

interface LineProps {
  text: string;
  terms: string[];
  wrap: boolean;
}

/** The first line, and how many follow; all of them where lines are wrapped. */
function Line({ text, terms, wrap }: LineProps) {
  if (wrap) return <Highlighted text={clipText(text, wrappedCharsMax)} terms={terms} />;
  const { first, more } = firstLine(text);
  const shown = <Highlighted text={clipText(first, lineCharsMax)} terms={terms} />;
  if (more === 0) return shown;
  const lines = `${formatCount(more)} more ${more === 1 ? 'line' : 'lines'}`;
  return (
    <>
      <span className={classes.first}>{shown}</span>
      <span className={classes.more} title={lines}>
        ⏎ +{formatCount(more)}
      </span>
    </>
  );
}

/** Rows in outline, while the first page is on its way. */
export function EventListLoading() {
  return (
    <div className={classes.loading} role="status" aria-label="Loading events">
      {Array.from({ length: 14 }, (_, i) => (
        <Skeleton key={i} height={13} width={`${94 - ((i * 37) % 41)}%`} />
      ))}
    </div>
  );
}
