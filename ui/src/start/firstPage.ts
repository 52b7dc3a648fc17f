import { queryOptions, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { anyForeignEvent } from '../api';
import { navigate, usePath } from '../app/router';
import { startPage } from '../lib/pages';
import { conditionParams } from '../lib/urlState';

/* Asked once, where somebody comes to the bare address: whoever follows a link wants what it says. */
const atBareAddress = window.location.pathname === '/' && window.location.search === '';
let led = !atBareAddress;

/** The conditions of events that are not Belfry's own. */
export const foreignConditions = conditionParams({ q: '', filters: [], own: false }).toString();

const anyEvent = queryOptions({
  queryKey: ['anyEvent'],
  queryFn: ({ signal }) => anyForeignEvent(signal),
});

/** What must be known before it is known which page comes first; null where that is known already. */
export function firstPageQuery() {
  return led ? null : anyEvent;
}

/** Whether it is known which page comes first: Start where there are no events yet. */
export function useFirstPage(): boolean {
  const path = usePath();
  const { data, isError } = useQuery({ ...anyEvent, enabled: !led });
  const toStart = !led && data === false && path === '/';
  useEffect(() => {
    if (data === undefined) return;
    led = true;
    if (toStart) navigate(startPage.path, 'replace');
  }, [toStart, data]);
  return led || isError || data === true || path !== '/';
}
