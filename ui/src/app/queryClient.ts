import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from '../api';
import { endSession } from '../auth/session';

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
      retry: false,
    },
  },
});
