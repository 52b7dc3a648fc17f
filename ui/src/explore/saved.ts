import { useQuery } from '@tanstack/react-query';
import { fetchSaved, type SavedQuery } from '../api';
import { navigate } from '../app/router';
import { explorePage } from '../lib/pages';
import { stateOf } from '../lib/saved';
import { formatUrl } from '../lib/urlState';

/** What is saved, read anew each time it is shown. */
export function useSaved(enabled: boolean) {
  return useQuery({
    queryKey: ['saved'],
    queryFn: ({ signal }) => fetchSaved(signal),
    staleTime: 0,
    enabled,
    retry: false,
  });
}

/** Goes to what was saved. */
export function openSaved(saved: SavedQuery): void {
  navigate(savedUrl(saved));
}

/** Where Explore shows what was saved. */
export function savedUrl(saved: SavedQuery): string {
  return `${explorePage.path}${formatUrl(stateOf(saved))}`;
}
