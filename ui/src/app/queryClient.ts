import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from '../api';
import { endSession } from '../auth/session';

const retriesMax = 3;
const retryAfterMillisMax = 5000;

/** After how long a query may be asked again that a limit refused; null: not at all. */
function waitMillis(error: Error): number | null {
  if (!(error instanceof ApiError) || error.status !== 429) return null;
  return error.retryAfterMillis <= retryAfterMillisMax ? error.retryAfterMillis : null;
}

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error) => {
      if (error instanceof ApiError && error.status === 401) endSession(queryClient);
    },
  }),
  mutationCache: new MutationCache({
    // `meta.asks`: the 401 of a login or a password change is about what was typed.
    onError: (error, _variables, _result, mutation) => {
      const expired = error instanceof ApiError && error.status === 401;
      if (expired && !mutation.meta?.asks) endSession(queryClient);
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: Infinity,
      gcTime: 60_000,
      refetchOnWindowFocus: false,
      retry: (failures, error) => failures < retriesMax && waitMillis(error) !== null,
      // Those that were refused together do not come back together.
      retryDelay: (_, error) => (waitMillis(error) ?? 0) + Math.random() * 400,
    },
  },
});
