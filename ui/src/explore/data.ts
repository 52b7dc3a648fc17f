import { keepPreviousData, useInfiniteQuery, useQueries, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import {
  anyForeignEvent,
  fetchEvent,
  fetchEvents,
  fetchFields,
  fetchHistogram,
  type BelfryEvent,
  type Field,
} from '../api';
import { useUtc } from '../app/preferences';
import { filterField, filterParts } from '../lib/filters';
import { parseInstant } from '../lib/instant';
import { isAllTime, resolveRange, type ResolvedRange } from '../lib/timeRange';
import { conditionParams, isOwnSource, type ExploreState } from '../lib/urlState';
import type { View } from './store';

const pageRows = 200;
/* What a person can scroll through and a browser hold; beyond it one narrows the range. */
export const rowsMax = 50_000;

/** The range in milliseconds; undefined while it is being asked for, null when it is not one. */
export function useResolvedRange(
  state: ExploreState,
  nowMillis: number,
): ResolvedRange | null | undefined {
  const [utc] = useUtc();
  const conditions = conditionParams(state).toString();
  const all = isAllTime(state.range);
  const extent = useQuery({
    queryKey: ['extent', conditions, nowMillis],
    queryFn: ({ signal }) => fetchExtent(conditions, signal),
    enabled: all,
    placeholderData: keepPreviousData,
  });
  const fixed = useMemo(
    () => resolveRange(state.range, nowMillis, utc),
    [state.range, nowMillis, utc],
  );
  if (!all) return fixed;
  if (extent.isError) return { startMillis: 0, endMillis: nowMillis };
  if (extent.data === undefined) return undefined;
  return extent.data ?? { startMillis: nowMillis - 3_600_000, endMillis: nowMillis };
}

/** Pages of events, each asked for with the cursor of the one before. */
export function useEvents(state: ExploreState, range: ResolvedRange | null | undefined) {
  const conditions = conditionParams(state).toString();
  return useInfiniteQuery({
    queryKey: ['events', conditions, range, state.order],
    queryFn: ({ pageParam, signal }) =>
      fetchEvents(
        {
          conditions,
          range: range ?? null,
          order: state.order,
          limit: pageRows,
          cursor: pageParam,
        },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last, pages) =>
      pages.length * pageRows >= rowsMax ? null : last.pagination.next_cursor,
    enabled: !!range && state.query === null && state.tab === 'events',
    placeholderData: keepPreviousData,
  });
}

export function useHistogram(
  state: ExploreState,
  range: ResolvedRange | null | undefined,
  bucketsMax: number,
) {
  const conditions = conditionParams(state).toString();
  return useQuery({
    queryKey: ['histogram', conditions, range, bucketsMax],
    queryFn: async ({ signal }) => {
      if (!range) throw new Error('BUG: a histogram without a range');
      return { ...(await fetchHistogram(conditions, range, bucketsMax, signal)), range };
    },
    enabled: !!range && state.query === null,
    placeholderData: keepPreviousData,
  });
}

/*
 * A field that is filtered on would list only the chosen values. So that another can be added, its
 * values come from a second question without its own filter.
 */

/** The fields of what matches, with their most frequent values. */
export function useFields(view: View, range: ResolvedRange | null | undefined) {
  const { q, filters, own } = view.state;
  const chosen = [...new Set(filters.map((filter) => filter.field))].filter(
    (field) => !filterParts(field).excludes,
  );
  const ask = (left: typeof filters) => {
    const conditions = conditionParams({
      q,
      filters: left,
      own: own || filters.some(isOwnSource),
    }).toString();
    return {
      queryKey: ['fields', conditions, range],
      queryFn: ({ signal }: { signal: AbortSignal }) => {
        if (!range) throw new Error('BUG: fields without a range');
        return fetchFields(conditions, range, signal);
      },
      enabled: !!range,
      placeholderData: keepPreviousData,
    };
  };
  const main = useQuery(ask(filters));
  const others = useQueries({
    queries: chosen.map((field) => ask(filters.filter((filter) => filter.field !== field))),
  });
  const widened = new Map<string, Field>();
  chosen.forEach((name, position) => {
    const answer = others[position]?.data?.data.find((field) => filterField(field.name) === name);
    if (answer) widened.set(answer.name, answer);
  });
  const fields = (main.data?.data ?? []).map((field) => widened.get(field.name) ?? field);
  const missing = [...widened.values()].filter(
    (field) => !fields.some((f) => f.name === field.name),
  );
  return { ...main, fields: main.data ? [...fields, ...missing] : undefined };
}

/** The event whose details are open: from the list when it is there, else by its id. */
export function useOpenEvent(eventId: string | null, rows: readonly BelfryEvent[]) {
  const inList = useMemo(() => rows.find((row) => row.id === eventId), [rows, eventId]);
  const asked = useQuery({
    queryKey: ['event', eventId],
    queryFn: ({ signal }) => fetchEvent(eventId ?? '', signal),
    enabled: eventId !== null && !inList,
  });
  return { event: inList ?? (eventId === null ? undefined : asked.data), asked };
}

/** Why a list is empty: nothing stored but Belfry's own logs, or nothing that matches here. */
export function useEmptyReason(state: ExploreState, empty: boolean) {
  const conditions = conditionParams(state).toString();
  return useQuery({
    queryKey: ['empty', conditions],
    queryFn: async ({ signal }) => {
      const [foreign, matching] = await Promise.all([
        anyForeignEvent(signal),
        fetchEvents({ conditions, range: null, limit: 1 }, signal),
      ]);
      return { onlyOwn: !foreign, newestMatch: matching.data[0] ?? null };
    },
    enabled: empty,
    gcTime: 0,
    staleTime: 0,
    refetchInterval: (query) => (query.state.data?.onlyOwn ? 3000 : false),
  });
}

async function fetchExtent(conditions: string, signal: AbortSignal): Promise<ResolvedRange | null> {
  const [oldest, newest] = await Promise.all([
    fetchEvents({ conditions, range: null, order: 'asc', limit: 1 }, signal),
    fetchEvents({ conditions, range: null, order: 'desc', limit: 1 }, signal),
  ]);
  const start = parseInstant(oldest.data[0]?.timestamp ?? '');
  const end = parseInstant(newest.data[0]?.timestamp ?? '');
  if (!start || !end) return null;
  return { startMillis: start.epochMillis, endMillis: end.epochMillis + 1000 };
}
