import { queryOptions, useQuery, type QueryClient } from '@tanstack/react-query';
import { ApiError, fetchMe, type User } from '../api';
import { forgetKey } from '../start/key';

const sessionKey = ['session'];

/** `user` is null when nobody is logged in. */
export interface Session {
  user: User | null;
  /** The session ended while the page was in use. */
  ended: boolean;
}

/** Who is there. */
export const sessionQuery = queryOptions({
  queryKey: sessionKey,
  queryFn: async ({ signal }): Promise<Session> => {
    try {
      return { user: await fetchMe(signal), ended: false };
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return { user: null, ended: false };
      throw error;
    }
  },
});

export function useSession() {
  return useQuery(sessionQuery);
}

export function startSession(client: QueryClient, user: User): void {
  client.setQueryData<Session>(sessionKey, { user, ended: false });
}

/** The server no longer knows the session: log in again, and come back to the same URL. */
export function endSession(client: QueryClient): void {
  forgetKey();
  client.setQueryData<Session>(sessionKey, (session) => ({
    user: null,
    ended: !!session && (session.user !== null || session.ended),
  }));
}

/** Forgets everything that was read in the session. */
export function leaveSession(client: QueryClient): void {
  forgetKey();
  client.setQueryData<Session>(sessionKey, { user: null, ended: false });
  client.removeQueries({ predicate: (query) => query.queryKey[0] !== sessionKey[0] });
}
