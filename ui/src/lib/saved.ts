import type { SavedQuery } from '../api';
import { likeField } from './filters';
import { likeStages, searchOf, stages, withFilters } from './insight';
import { readSearch } from './searchText';
import { defaultRange, type TimeRange } from './timeRange';
import { emptyState, type ExploreState } from './urlState';

/** What of a saved query says what it asks. */
export type Kept = Pick<SavedQuery, 'kind' | 'query' | 'start_time' | 'end_time' | 'columns'>;

/** What is kept of a state: its question, its time and its columns. */
export function savedOf(state: ExploreState, columns: readonly string[]): Kept {
  const times = {
    start_time: state.range.from === 'all' ? null : state.range.from,
    end_time: state.range.to === 'now' ? null : state.range.to,
  };
  if (state.query !== null) {
    const { query } = withFilters(state.query, state.filters);
    return { kind: 'insight', query, ...times, columns: [] };
  }
  const search = searchOf(state.q, state.filters);
  const query = [...(search === '' ? [] : [search]), ...likeStages(state.filters)].join(' | ');
  return { kind: 'search', query, ...times, columns: [...columns] };
}

/** Whether there is something to keep: a search of everything is none. */
export function isWorthSaving(state: ExploreState): boolean {
  return savedOf(state, []).query.trim() !== '';
}

/** The state that shows what was kept. */
export function stateOf(saved: Kept): ExploreState {
  const range = rangeOf(saved);
  const columns = saved.columns.length > 0 ? saved.columns : null;
  const asQuery = { ...emptyState, range, query: saved.query, tab: 'table' as const };
  if (saved.kind === 'insight') return asQuery;
  const all = stages(saved.query);
  const likes = all.slice(1).map((stage) => likeOf(saved.query.slice(stage.from, stage.to)));
  const [first] = all;
  const startsWithLike =
    first && first.word !== 'search' ? likeOf(saved.query.slice(first.from, first.to)) : null;
  const found = [...(startsWithLike ? [startsWithLike] : []), ...likes];
  // Only what the search bar can show becomes a search; anything else is a query.
  if (found.some((filters) => filters === null)) return asQuery;
  if (first && first.word !== 'search' && !startsWithLike) return asQuery;
  const text = first?.word === 'search' ? saved.query.slice(first.tokens[0]?.from, first.to) : '';
  const { q, filters } = readSearch(text.trim());
  return {
    ...emptyState,
    range,
    q,
    filters: [...filters, ...found.flatMap((some) => some ?? [])],
    columns,
  };
}

/** The time that was kept. */
export function rangeOf({ start_time: start, end_time: end }: Kept): TimeRange {
  if (start === null && end === null) return { from: 'all', to: 'now' };
  return { from: start ?? defaultRange.from, to: end ?? 'now' };
}

const likeTerm = /@message like "((?:\\.|[^"\\])*)"/g;

/** The conditions of a filter stage that asks for templates only; null for any other. */
function likeOf(stage: string): { field: string; value: string }[] | null {
  const text = stage.trim().replace(/^filter\s+/, '');
  const excludes = text.startsWith('not (');
  const rest = text
    .replaceAll(likeTerm, '')
    .replace(/^not \(/, '')
    .replace(/\)$/, '');
  if (rest.replaceAll(/\bor\b|\s/g, '') !== '') return null;
  return [...text.matchAll(likeTerm)].map((match) => ({
    field: excludes ? `not.${likeField}` : likeField,
    value: (match[1] ?? '').replaceAll(/\\(["\\])/g, '$1'),
  }));
}
