import { useQuery } from '@tanstack/react-query';
import { fetchKeys, fetchUsers, type AuditEntry } from '../api';

/* As many as one answer has; what is beyond keeps its id. */
const namesMax = '1000';
/* Reading a list stands in the audit trail, so that it is not read for every look at a page. */
const keepMillis = 1_800_000;
const none: ReadonlyMap<string, string> = new Map();

/** The names of users by their ids; empty where they are not asked for or may not be read. */
export function useUserNames(wanted: boolean): ReadonlyMap<string, string> {
  const { data } = useQuery({
    queryKey: ['names', 'users'],
    queryFn: async ({ signal }) => {
      const { data: users } = await fetchUsers(new URLSearchParams({ limit: namesMax }), signal);
      return new Map(users.map(({ id, username }) => [id, username]));
    },
    enabled: wanted,
    gcTime: keepMillis,
  });
  return data ?? none;
}

/** The names of what an audit trail speaks of, by `user:UUID` and `key:UUID`. */
export function useNames(entries: readonly AuditEntry[]): ReadonlyMap<string, string> {
  const speaksOf = (kind: string) => entries.some(({ target }) => target?.startsWith(kind));
  const users = useUserNames(speaksOf('user:'));
  const { data: keys = none } = useQuery({
    queryKey: ['names', 'keys'],
    queryFn: async ({ signal }) => {
      const { data: list } = await fetchKeys(new URLSearchParams({ limit: namesMax }), signal);
      return new Map(list.map(({ id, name }) => [id, name]));
    },
    enabled: speaksOf('key:'),
    gcTime: keepMillis,
  });
  // Who did something is named in the trail, also after they were removed.
  const names = new Map(entries.map(({ actor, actor_name }) => [actor, actor_name]));
  users.forEach((name, id) => names.set(`user:${id}`, name));
  keys.forEach((name, id) => names.set(`key:${id}`, name));
  return names;
}
