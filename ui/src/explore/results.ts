import { useCallback, useEffect, useMemo, useState } from 'react';
import { searchTerms } from '../lib/highlight';
import { joinLines } from '../lib/tail';
import { notARange } from '../lib/timeRange';
import { conditionParams } from '../lib/urlState';
import { useEmptyReason, useEvents, useFields, useHistogram, useResolvedRange } from './data';
import { change, refresh, refreshChart, type View } from './store';
import { useTail } from './useTail';

const liveChartSeconds = 5;

export type Results = ReturnType<typeof useResults>;

/** Everything that the page shows of a view; `atTop` is false while somebody reads further down. */
export function useResults(view: View, bucketsMax: number, atTop: boolean) {
  const { state } = view;
  const conditions = conditionParams(state).toString();
  const terms = useMemo(() => searchTerms(state.q), [state.q]);
  const range = useResolvedRange(state, view.nowMillis);
  const chartRange = useResolvedRange(state, view.chartNowMillis);
  const events = useEvents(state, range);
  const histogram = useHistogram(state, chartRange, bucketsMax);
  const fields = useFields(view, state.live ? chartRange : range);
  const listed = state.query === null && state.tab === 'events';
  const tail = useTail(state.live && listed, conditions, !atTop);

  const stored = useMemo(
    () => events.data?.pages.flatMap((page) => page.data) ?? [],
    [events.data],
  );
  const rows = useMemo(() => joinLines(tail.lines.shown, stored), [tail.lines.shown, stored]);
  const empty = listed && events.isSuccess && !events.isPlaceholderData && rows.length === 0;
  const emptyReason = useEmptyReason(state, empty);

  const reading = !atTop || state.eventId !== null;
  useRefreshing(state.live ? 0 : state.refreshSeconds, !reading, refresh);
  useRefreshing(state.live ? liveChartSeconds : 0, true, refreshChart);

  const lastPage = events.data?.pages.at(-1);
  return {
    queryKey: `${conditions} ${state.range.from} ${state.range.to} ${state.order}`,
    terms,
    range,
    events,
    histogram,
    fields,
    tail,
    rows,
    storedCount: stored.length,
    empty,
    emptyReason,
    /** Why there is nothing at all. */
    failed: range === null ? notARange(state.range) : listed && !events.data ? events.error : null,
    busy: events.isFetching || histogram.isFetching,
    statistics: lastPage?.statistics,
    total: state.live
      ? (histogram.data?.data.total ?? null)
      : (lastPage?.pagination.total ?? histogram.data?.data.total ?? null),
    refreshHeld: state.refreshSeconds > 0 && !state.live && reading,
  };
}

/** Which row the keys are at, and which event is open. */
export function useSelection(ids: readonly string[], eventId: string | null) {
  const [selectedId, setSelectedId] = useState<string | null>(null);
  const open = useCallback(
    (id: string) => {
      setSelectedId(id);
      change({ eventId: id }, eventId === null ? 'push' : 'replace');
    },
    [eventId],
  );
  const step = (by: 1 | -1) => {
    const at = ids.indexOf(eventId ?? selectedId ?? '');
    const next = ids[at < 0 ? 0 : at + by];
    if (next === undefined) return;
    if (eventId !== null) open(next);
    else setSelectedId(next);
  };
  const openSelected = () => {
    const chosen = ids.find((id) => id === selectedId) ?? ids[0];
    if (chosen !== undefined) open(chosen);
  };
  const close = () => {
    if (eventId !== null) change({ eventId: null });
  };
  return { selectedId, open, openSelected, step, close };
}

/** Calls again and again while it may; 0 seconds is never. */
function useRefreshing(seconds: number, allowed: boolean, run: () => void): void {
  useEffect(() => {
    if (seconds === 0 || !allowed) return;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') run();
    }, seconds * 1000);
    return () => clearInterval(timer);
  }, [seconds, allowed, run]);
}
