/* The zone that a link asks for, which wins over what this browser prefers. */

export type Zone = 'utc' | 'local';

let linked: Zone | null = null;
const listeners = new Set<() => void>();

export function linkedZone(): Zone | null {
  return linked;
}

/** Takes over the zone of a URL; null where it says none. */
export function linkZone(zone: Zone | null): void {
  if (zone === linked) return;
  linked = zone;
  listeners.forEach((listener) => listener());
}

export function onLinkedZone(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
