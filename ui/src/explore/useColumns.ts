import { useMemo } from 'react';
import { usePreferredColumns } from '../app/preferences';
import { defaultColumns } from '../lib/columns';
import type { ExploreState } from '../lib/urlState';
import { change } from './store';

/** The list's columns: those of the URL, else those of this browser, else the first ones. */
export function useColumns(
  state: Pick<ExploreState, 'columns'>,
): [string[], (columns: string[]) => void] {
  const [preferred, prefer] = usePreferredColumns();
  const columns = useMemo(
    () => state.columns ?? preferred ?? defaultColumns,
    [state.columns, preferred],
  );
  const set = (next: string[]) => {
    const plain = next.join(' ') === defaultColumns.join(' ');
    prefer(plain ? null : next);
    change({ columns: plain ? null : next }, 'replace');
  };
  return [columns, set];
}
