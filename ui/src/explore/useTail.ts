import { useEffect, useRef, useState } from 'react';
import { fetchMe, socketUrl, tailPath, type BelfryEvent, type TailFrame } from '../api';
import { queryClient } from '../app/queryClient';
import { parseJson } from '../lib/exactJson';
import { emptyTail, receiveLines, releaseLines, type TailLines } from '../lib/tail';

export type TailStatus = 'Connecting' | 'Connected' | 'Reconnecting';

interface Tail {
  /** The conditions that these lines match; lines of other conditions are not shown. */
  conditions: string;
  lines: TailLines<BelfryEvent>;
  receivedCount: number;
  status: TailStatus;
}

/* A session that ended closes the socket too: ask, so that the login appears instead of silence. */
function onLost(): void {
  void queryClient
    .query({
      queryKey: ['stillThere'],
      queryFn: ({ signal }) => fetchMe(signal),
      staleTime: 5000,
    })
    .catch(() => undefined);
}

const flushMillis = 200;
const reconnectMillisMax = 10_000;

/** Lines of the live tail while it is on; `paused` holds new ones back. */
export function useTail(enabled: boolean, conditions: string, paused: boolean) {
  const [tail, setTail] = useState<Tail>(() => startOf(conditions));
  const pausedNow = useRef(paused);
  useEffect(() => {
    pausedNow.current = paused;
  }, [paused]);

  useEffect(() => {
    if (!enabled) return;
    let socket: WebSocket | null = null;
    let closed = false;
    let attempts = 0;
    let retry: ReturnType<typeof setTimeout> | undefined;
    let received: BelfryEvent[] = [];
    let dropped = 0;
    const update = (next: (tail: Tail) => Tail) =>
      setTail((tail) => next(tail.conditions === conditions ? tail : startOf(conditions)));

    const flush = setInterval(() => {
      if (received.length === 0 && dropped === 0) return;
      const [lines, droppedCount] = [received, dropped];
      received = [];
      dropped = 0;
      update((tail) => ({
        ...tail,
        receivedCount: tail.receivedCount + lines.length,
        lines: {
          ...receiveLines(tail.lines, lines, pausedNow.current),
          droppedCount: tail.lines.droppedCount + droppedCount,
        },
      }));
    }, flushMillis);

    const connect = () => {
      socket = new WebSocket(socketUrl(tailPath, new URLSearchParams(conditions)));
      socket.onopen = () => {
        attempts = 0;
        update((tail) => ({ ...tail, status: 'Connected' }));
      };
      socket.onmessage = (message: MessageEvent<string>) => {
        const frame = parseJson(message.data) as TailFrame;
        if (frame.type === 'event') received.push(frame.data);
        if (frame.type === 'dropped') dropped += frame.count;
      };
      socket.onclose = () => {
        if (closed) return;
        onLost();
        update((tail) => ({ ...tail, status: 'Reconnecting' }));
        attempts += 1;
        retry = setTimeout(connect, Math.min(500 * 2 ** attempts, reconnectMillisMax));
      };
    };
    connect();

    return () => {
      closed = true;
      clearInterval(flush);
      clearTimeout(retry);
      socket?.close();
      setTail(startOf(''));
    };
  }, [enabled, conditions]);

  const current = enabled && tail.conditions === conditions ? tail : startOf(conditions);
  const release = () => setTail((old) => ({ ...old, lines: releaseLines(old.lines) }));
  return { ...current, release };
}

function startOf(conditions: string): Tail {
  return { conditions, lines: emptyTail(), receivedCount: 0, status: 'Connecting' };
}
