import { QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from '../api';
import { endSession } from '../auth/session';

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error) => {
      if (error instanceof ApiError && error.status === 401) endSession(queryClient);
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
