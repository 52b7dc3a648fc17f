import { describe, expect, it } from 'vitest';
import type { BelfryEvent } from '../api';
import { addColumn, columnTemplate, columnText, defaultColumns, moveColumn } from './columns';

const event = {
  source: 'shop',
  message: null,
  level: null,
  tags: { 'http.route': '/a', flags: { beta: true } },
  payload: { request: { 'x.y': 7 }, list: [1, 2] },
} as unknown as BelfryEvent;

describe('columns', () => {
  it('have the value at a path, whether its names have dots or not', () => {
    expect(columnText(event, 'tags.http.route')).toBe('/a');
    expect(columnText(event, 'tags.flags.beta')).toBe('true');
    expect(columnText(event, 'payload.request.x.y')).toBe('7');
    expect(columnText(event, 'payload.list')).toBe('[1,2]');
    expect(columnText(event, 'payload.none.at.all')).toBe('');
    expect(columnText(event, 'level')).toBe('');
    expect(columnText(event, 'message')).toBe('{"request":{"x.y":7},"list":[1,2]}');
  });

  it('are added before the message once, and moved', () => {
    const more = addColumn(defaultColumns, 'tags.host');
    expect(more).toEqual(['level', 'source', 'tags.host', 'message']);
    expect(addColumn(more, 'tags.host')).toEqual(more);
    expect(addColumn(['level'], 'tags.host')).toEqual(['level', 'tags.host']);
    expect(moveColumn(more, 'message', 0)[0]).toBe('message');
    expect(moveColumn(more, 'level', 99).at(-1)).toBe('level');
  });

  it('fill the width, with or without a message', () => {
    expect(columnTemplate(defaultColumns)).toMatch(/1fr\)$/);
    expect(columnTemplate(['level', 'tags.host'])).toMatch(/1fr\)$/);
    expect(columnTemplate([])).toBe('182px minmax(120px, 1fr)');
  });
});
