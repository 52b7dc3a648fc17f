import { Alert, Button, Tabs, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { IconArrowRight, IconKey } from '@tabler/icons-react';
import { serverNowMillis, type BelfryEvent } from '../api';
import { CopyButton } from '../app/CopyButton';
import { useUtc } from '../app/preferences';
import { Link, navigate, useSearch } from '../app/router';
import { LevelBadge } from '../explore/LevelBadge';
import { formatJson } from '../lib/exactJson';
import { formatCount } from '../lib/format';
import { formatTimestamp } from '../lib/instant';
import { clipText, visibleText } from '../lib/visible';
import { Header } from '../shell/Header';
import { makeKey, useMadeKey } from './key';
import { waysToSend, type Way } from './snippets';
import classes from './StartPage.module.css';
import { useFirstEvent } from './useFirstEvent';

/** How events get in, to be copied, and the first one as it arrives. */
export function StartPage() {
  const key = useMadeKey();
  const first = useFirstEvent();
  const ways = waysToSend(window.location.origin, key?.key ?? null);
  const asked = new URLSearchParams(useSearch()).get('way');
  const chosen = ways.find(({ id }) => id === asked) ?? ways[0];
  return (
    <>
      <Header title="Send data" />
      <main className={classes.page}>
        <div className={classes.column}>
          <h2 className={classes.heading}>
            {first.empty ? 'Send your first event' : 'Send more data'}
          </h2>
          <Text c="var(--ink-dim)" mb={18}>
            Choose what you have. Every snippet has the address of this Belfry in it; with a key it
            runs as it stands.
          </Text>
          <KeyStep />
          <Tabs
            value={chosen?.id ?? null}
            onChange={(id) => navigate(`/start?way=${id ?? ''}`, 'replace')}
            variant="pills"
            className={classes.ways}
          >
            <Tabs.List aria-label="Ways to send">
              {ways.map(({ id, name }) => (
                <Tabs.Tab key={id} value={id}>
                  {name}
                </Tabs.Tab>
              ))}
            </Tabs.List>
            {ways.map((way) => (
              <Tabs.Panel key={way.id} value={way.id} pt={14}>
                <WayPanel way={way} />
              </Tabs.Panel>
            ))}
          </Tabs>
          <Arrival event={first.event} count={first.count} empty={first.empty} />
        </div>
      </main>
    </>
  );
}

function KeyStep() {
  const key = useMadeKey();
  const making = useMutation({ mutationFn: makeKey });
  if (key?.key) {
    const token = key.key;
    return (
      <Alert color="green" variant="light" p="sm" icon={<IconKey size={18} />} mb={16}>
        <div className={classes.key}>
          <span>
            The key <b>{key.name}</b> is in the snippets. It may only write events, and is shown
            only now: <Link href="/settings/keys">API keys</Link> lists and revokes it.
          </span>
          <span className={classes.token}>
            <code data-testid="key">{token}</code>
            <CopyButton label="Copy the key" text={() => token} />
          </span>
        </div>
      </Alert>
    );
  }
  return (
    <div className={classes.step}>
      <Button
        leftSection={<IconKey size={16} />}
        loading={making.isPending}
        onClick={() => making.mutate()}
      >
        Make a key for the snippets
      </Button>
      <Text size="sm" c="var(--ink-dim)">
        It may only write events. You can revoke it at any time.
      </Text>
      {making.isError && (
        <Alert color="red" variant="light" p="xs" role="alert">
          {making.error.message}
        </Alert>
      )}
    </div>
  );
}

function WayPanel({ way }: { way: Way }) {
  return (
    <>
      <Text size="sm" mb={10}>
        {way.about}
      </Text>
      {way.snippets.map(({ title, code }) => (
        <figure key={title} className={classes.snippet}>
          <figcaption className={classes.caption}>
            {title}
            <CopyButton label={`Copy: ${title}`} text={() => code} size={26} />
          </figcaption>
          {/* It scrolls sideways, so that it must be reached by keyboard. */}
          {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
          <pre tabIndex={0} aria-label={title}>
            {code}
          </pre>
        </figure>
      ))}
    </>
  );
}

interface ArrivalProps {
  event: BelfryEvent | null;
  count: number;
  /** Nothing was stored before. */
  empty: boolean;
}

function Arrival({ event, count, empty }: ArrivalProps) {
  const [utc] = useUtc();
  if (!event) {
    return (
      <div className={classes.arrival} role="status">
        <i className={classes.pulse} />
        Waiting for your {empty ? 'first' : 'next'} event …
      </div>
    );
  }
  const link = `/?${new URLSearchParams({ source: event.source, from: 'all', to: 'now', event: event.id }).toString()}`;
  return (
    <div className={classes.arrival} role="status" data-arrived data-testid="arrived">
      <div className={classes.arrivedHead}>
        <i className={classes.pulse} />
        <b>{count === 1 ? 'Your event is here' : `${formatCount(count)} events are here`}</b>
        <Button
          size="xs"
          rightSection={<IconArrowRight size={14} />}
          onClick={() => navigate(link)}
        >
          Open in Explore
        </Button>
      </div>
      <div className={classes.event}>
        <time dateTime={event.timestamp}>{arrivedAt(event.timestamp, utc)}</time>
        <LevelBadge level={event.level} />
        <span className={classes.source}>{visibleText(clipText(event.source, 80))}</span>
        <span className={classes.message}>
          {visibleText(clipText(event.message ?? formatJson(event.payload), 400))}
        </span>
      </div>
    </div>
  );
}

/** The time of day, with its date where that is not today. */
function arrivedAt(timestamp: string, utc: boolean): string {
  const dayOf = (time: string) => formatTimestamp(time, { utc, detail: 'full' }).slice(0, 10);
  const today = dayOf(timestamp) === dayOf(new Date(serverNowMillis()).toISOString());
  return formatTimestamp(timestamp, { utc, detail: today ? 'time' : 'full' });
}
