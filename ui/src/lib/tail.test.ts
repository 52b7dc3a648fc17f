import { describe, expect, it } from 'vitest';
import { emptyTail, joinLines, receiveLines, releaseLines, tailLinesMax } from './tail';

const none = emptyTail<{ id: string }>();

const line = (id: number) => ({ id: String(id) });
const lines = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => line(from + i));

describe('a live tail', () => {
  it('puts the newest line first and each once', () => {
    const tail = receiveLines(receiveLines(none, lines(1, 3), false), lines(2, 4), false);
    expect(tail.shown.map((l) => l.id)).toEqual(['3', '2', '1']);
  });

  it('holds lines back while paused and shows them when released', () => {
    const paused = receiveLines(receiveLines(none, lines(1, 2), false), lines(2, 4), true);
    expect(paused.shown.map((l) => l.id)).toEqual(['1']);
    expect(paused.waiting.map((l) => l.id)).toEqual(['3', '2']);
    const released = releaseLines(paused);
    expect(released.shown.map((l) => l.id)).toEqual(['3', '2', '1']);
    expect(released.waiting).toEqual([]);
  });

  it('is bounded', () => {
    const tail = receiveLines(none, lines(0, tailLinesMax + 5), false);
    expect(tail.shown).toHaveLength(tailLinesMax);
    expect(tail.shown[0]?.id).toBe(String(tailLinesMax + 4));
  });

  it('is joined to stored lines without repeating one', () => {
    expect(joinLines(lines(3, 5), lines(1, 4)).map((l) => l.id)).toEqual(['3', '4', '1', '2']);
    expect(joinLines([], lines(1, 2))).toEqual(lines(1, 2));
  });
});
