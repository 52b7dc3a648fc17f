import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { runQuery, type HistogramAnswer, type QueryAnswer } from '../../api';
import { filledLevels } from '../../lib/buckets';
import { narrowingPart, withFilters } from '../../lib/insight';
import { ownSources } from '../../lib/ownSources';
import { hidesOwn, type ExploreState } from '../../lib/urlState';
import type { ResolvedRange } from '../../lib/timeRange';
import { problemOf } from './problem';

/** Rows asked for at first; all that there may be on demand. */
export const rowsFirst = 1000;

/** All conditions of a state beside its query, those that nobody sees too. */
export function allFilters(state: Pick<ExploreState, 'filters' | 'own'>) {
  const own = hidesOwn(state) ? ownSources.map((value) => ({ field: 'not.source', value })) : [];
  return [...state.filters, ...own];
}

/** The answer of the state's query, and what was wrong with it. */
export function useInsight(
  state: ExploreState,
  range: ResolvedRange | null | undefined,
  limit: number,
) {
  const text = state.query ?? '';
  const { query, offset } = useMemo(() => withFilters(text, allFilters(state)), [text, state]);
  const answer = useQuery({
    queryKey: ['insight', query, range, limit],
    queryFn: async ({ signal }): Promise<QueryAnswer & { text: string }> => {
      if (!range) throw new Error('BUG: a query without a range');
      return { ...(await runQuery(query, range, limit, signal)), text };
    },
    enabled: !!range && state.query !== null,
    placeholderData: keepPreviousData,
  });
  const problem = useMemo(
    () => problemOf(answer.error, text, offset),
    [answer.error, text, offset],
  );
  return { answer, problem };
}

/** Rows that are asked for, until another query is. */
export function useLimit(query: string | null, first: number): [number, (limit: number) => void] {
  const [asked, setAsked] = useState({ query, limit: first });
  const limit = asked.query === query ? asked.limit : first;
  return [limit, (next) => setAsked({ query, limit: next })];
}

const stepsMillis = [
  1, 10, 100, 500, 1e3, 2e3, 5e3, 1e4, 15e3, 3e4, 6e4, 12e4, 3e5, 6e5, 9e5, 18e5, 36e5, 72e5, 108e5,
  216e5, 432e5, 864e5, 1728e5, 6048e5,
];

/** The events that a query looks at, over time by level. */
export function useInsightHistogram(
  state: ExploreState,
  range: ResolvedRange | null | undefined,
  bucketsMax: number,
) {
  const { query } = withFilters(narrowingPart(state.query ?? ''), allFilters(state));
  return useQuery({
    queryKey: ['insightHistogram', query, range, bucketsMax],
    queryFn: async ({ signal }): Promise<HistogramAnswer & { range: ResolvedRange }> => {
      if (!range) throw new Error('BUG: a histogram without a range');
      const step = stepFor(range, bucketsMax);
      const counted = `${query.trim() === '' ? '' : `${query}\n| `}stats count() by bin(${stepText(step)}), level`;
      const answer = await runQuery(counted, range, 10_000, signal);
      return { ...filledLevels(answer.data.rows, step, answer.statistics), range };
    },
    enabled: !!range && state.query !== null,
    placeholderData: keepPreviousData,
    retry: false,
  });
}

function stepFor({ startMillis, endMillis }: ResolvedRange, bucketsMax: number): number {
  const least = (endMillis - startMillis) / bucketsMax;
  const last = stepsMillis.at(-1) ?? 1;
  return stepsMillis.find((step) => step >= least) ?? Math.ceil(least / last) * last;
}

function stepText(millis: number): string {
  return millis % 1000 === 0 ? `${millis / 1000}s` : `${millis}ms`;
}
