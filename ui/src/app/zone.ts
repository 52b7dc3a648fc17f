import { zoneOf, type Zone } from '../lib/timeRange';
import { onNavigate } from './router';

/* The zone that the URL asks for, which wins over what this browser prefers. */

let linked = read();
const listeners = new Set<() => void>();

onNavigate(followUrl);

export function linkedZone(): Zone | null {
  return linked;
}

/** Takes over the zone of the URL, after it has changed without a move. */
export function followUrl(): void {
  const zone = read();
  if (zone === linked) return;
  linked = zone;
  listeners.forEach((listener) => listener());
}

export function onLinkedZone(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function read(): Zone | null {
  return zoneOf(new URLSearchParams(window.location.search));
}
