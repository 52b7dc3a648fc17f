import { keepPreviousData, useQueries, type UseQueryResult } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import {
  align,
  boundedStep,
  distinct,
  type AlignedSeries,
  type InstantSeries,
} from '../lib/metrics';
import { resolveRange, type ResolvedRange } from '../lib/timeRange';
import { queryInstant, queryRange, type InstantResult } from './api';
import type { MetricsView } from './store';

/** How it stands with a query. */
export interface Asked {
  busy: boolean;
  error: Error | null;
  /** What the server remarks: warnings and infos. */
  notes: string[];
}

/** The range of the page on whole steps, so that a shared picture stays as it is. */
export interface Steps {
  startSeconds: number;
  endSeconds: number;
  stepSeconds: number;
}

/** The range as the page shows it; null when it cannot be read. */
export function useRange({ state: { range }, nowMillis }: MetricsView, utc: boolean) {
  return useMemo(() => resolveRange(range, nowMillis, utc), [range, nowMillis, utc]);
}

function stepsOf(range: ResolvedRange, asked: string | null): Steps {
  const stepSeconds = boundedStep(asked, range);
  const endSeconds = Math.floor(range.endMillis / 1000 / stepSeconds) * stepSeconds;
  const startSeconds = Math.ceil(range.startMillis / 1000 / stepSeconds) * stepSeconds;
  return { startSeconds, endSeconds: Math.max(endSeconds, startSeconds), stepSeconds };
}

type RangeAnswer = UseQueryResult<Awaited<ReturnType<typeof queryRange>>>;

/** The answers of all queries over the range, on one axis. */
export function useCharts(view: MetricsView, range: ResolvedRange | null) {
  const { queries, step, tab } = view.state;
  const steps = useMemo(() => (range ? stepsOf(range, step) : null), [range, step]);
  const combine = useCallback(
    (answers: RangeAnswer[]) => {
      const results = answers.flatMap((answer, position) => {
        const query = queries[position];
        const counts = query?.shown && query.text.trim() !== '' && !answer.isError && answer.data;
        return counts ? [answer.data.data.result] : [];
      });
      const aligned: AlignedSeries | null =
        steps && results.length > 0
          ? distinct(align(results.flat(), steps.startSeconds, steps.stepSeconds, steps.endSeconds))
          : null;
      return { asked: answers.map(askedOf), aligned, pending: answers.some((a) => a.isLoading) };
    },
    [queries, steps],
  );
  const combined = useQueries({
    queries: queries.map(({ text, shown }) => ({
      queryKey: ['range', text, steps],
      queryFn: ({ signal }: { signal: AbortSignal }) => {
        if (!steps) throw new Error('BUG: a query without a range');
        const { startSeconds, endSeconds, stepSeconds } = steps;
        return queryRange(text, startSeconds, endSeconds, stepSeconds, signal);
      },
      enabled: shown && text.trim() !== '' && steps !== null && tab === 'chart',
      placeholderData: keepPreviousData,
      retry: false,
    })),
    combine,
  });
  return { ...combined, steps };
}

/** The answers of all queries at the end of the range. */
export function useTables(view: MetricsView, range: ResolvedRange | null) {
  const { queries, tab } = view.state;
  const at = range ? range.endMillis / 1000 : null;
  const answers = useQueries({
    queries: queries.map(({ text, shown }) => ({
      queryKey: ['instant', text, at],
      queryFn: ({ signal }: { signal: AbortSignal }) => queryInstant(text, at ?? 0, signal),
      enabled: shown && text.trim() !== '' && at !== null && tab === 'table',
      placeholderData: keepPreviousData,
      retry: false,
    })),
  });
  const rows = answers.flatMap((answer, position) =>
    queries[position]?.shown && answer.data && !answer.isError
      ? rowsOf(answer.data.data, position)
      : [],
  );
  return { asked: answers.map(askedOf), rows, pending: answers.some((answer) => answer.isLoading) };
}

/** A row of the table. */
export interface ValueRow {
  query: number;
  labels: Record<string, string>;
  /** Seconds since 1970. */
  at: number;
  text: string;
}

function rowsOf(answer: InstantResult, query: number): ValueRow[] {
  if (answer.resultType === 'vector') return answer.result.map((one) => instantRow(one, query));
  if (answer.resultType === 'matrix') {
    return answer.result.flatMap(({ metric, values = [] }) =>
      values.map(([at, text]) => ({ query, labels: metric, at, text })),
    );
  }
  const [at, text] = answer.result;
  return [{ query, labels: {}, at, text }];
}

function instantRow({ metric, value, histogram }: InstantSeries, query: number): ValueRow {
  if (histogram) {
    const [at, { count, sum, buckets = [] }] = histogram;
    return {
      query,
      labels: metric,
      at,
      text: `${count} observations, sum ${sum}, ${buckets.length} buckets`,
    };
  }
  const [at, text] = value ?? [0, ''];
  return { query, labels: metric, at, text };
}

function askedOf(answer: {
  isFetching: boolean;
  error: Error | null;
  data: { warnings?: string[]; infos?: string[] } | undefined;
}): Asked {
  const notes = [...(answer.data?.warnings ?? []), ...(answer.data?.infos ?? [])];
  return { busy: answer.isFetching, error: answer.error, notes: answer.error ? [] : notes };
}
