import { useQuery } from '@tanstack/react-query';
import { fetchEvents, type BelfryEvent } from '../api';
import { useTail } from '../explore/useTail';
import { foreignConditions } from './firstPage';

const askMillis = 2000;

/**
 * The newest event but Belfry's own that arrived since the page is open, by the live tail. Where
 * nothing was stored before, the store is asked too, should the tail not come through.
 */
export function useFirstEvent(): { event: BelfryEvent | null; count: number; empty: boolean } {
  const before = useQuery({
    queryKey: ['storedBefore'],
    queryFn: ({ signal }) => newest(signal),
    staleTime: Infinity,
    gcTime: 0,
  });
  const tail = useTail(true, foreignConditions, false);
  const empty = before.data === null;
  const asked = useQuery({
    queryKey: ['firstEvent'],
    queryFn: ({ signal }) => newest(signal),
    enabled: empty && tail.receivedCount === 0,
    refetchInterval: (query) => (query.state.data ? false : askMillis),
    gcTime: 0,
  });
  const event = tail.lines.shown[0] ?? (empty ? (asked.data ?? null) : null);
  return { event, count: Math.max(tail.receivedCount, event ? 1 : 0), empty };
}

async function newest(signal: AbortSignal): Promise<BelfryEvent | null> {
  const request = { conditions: foreignConditions, range: null, limit: 1 };
  return (await fetchEvents(request, signal)).data[0] ?? null;
}
