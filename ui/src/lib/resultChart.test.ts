import { describe, expect, it } from 'vitest';
import { statsShape } from './insight';
import { chartOf, sortRows, toCsv, toNdjson, type Answer } from './resultChart';

const minute = (at: number) => `2026-01-24T10:${String(at).padStart(2, '0')}:00Z`;

describe('chartOf', () => {
  it('draws a line a group over time; what was not counted is 0', () => {
    const answer: Answer = {
      columns: ['bin(1m)', 'source', 'n'],
      types: ['time', 'value', 'value'],
      rows: [
        [minute(0), 'a', 5],
        [minute(1), 'b', 2],
        [minute(3), 'a', 7],
      ],
    };
    const chart = chartOf(answer, statsShape('stats count() as n by bin(1m), source'));
    if (chart.kind !== 'time') throw new Error(chart.kind);
    expect(chart.stepSeconds).toBe(60);
    expect(chart.seconds.map((at) => at - (chart.seconds[0] ?? 0))).toEqual([0, 60, 120, 180]);
    expect(chart.series).toEqual([
      { name: 'a', values: [5, 0, 0, 7] },
      { name: 'b', values: [0, 2, 0, 0] },
    ]);
  });

  it('leaves a gap where a mean is not known, and names measures where there are several', () => {
    const answer: Answer = {
      columns: ['bin(1m)', 'avg(x)', 'max(x)'],
      types: ['time', 'value', 'value'],
      rows: [
        [minute(0), 1, 2],
        [minute(1), null, null],
        [minute(2), 3, 4],
      ],
    };
    const chart = chartOf(answer, statsShape('stats avg(x), max(x) by bin(1m)'));
    if (chart.kind !== 'time') throw new Error(chart.kind);
    expect(chart.series.map(({ name }) => name)).toEqual(['max(x)', 'avg(x)']);
    expect(chart.series[1]?.values).toEqual([1, null, 3]);
  });

  it('takes a number that is grouped by for a name', () => {
    const answer: Answer = {
      columns: ['status', 'n'],
      types: ['value', 'value'],
      rows: [
        [200, 9],
        [500, 1],
        [null, 2],
      ],
    };
    const chart = chartOf(answer, statsShape('stats count() as n by status'));
    expect(chart).toEqual({
      kind: 'groups',
      measures: ['n'],
      groups: [
        { name: '200', values: [9] },
        { name: '500', values: [1] },
        { name: '–', values: [2] },
      ],
    });
  });

  it('says why there is nothing to draw', () => {
    const none = { columns: ['a'], types: ['value' as const], rows: [['x']] };
    expect(chartOf(none, statsShape('fields a')).kind).toBe('none');
    expect(chartOf({ ...none, rows: [] }, statsShape('fields a')).kind).toBe('none');
  });
});

describe('rows', () => {
  it('are ordered by size and by characters, nothing last', () => {
    const of = (values: unknown[], descending: boolean) => sortRows(values, (v) => v, descending);
    expect(of([10, null, 9, 100], false)).toEqual([9, 10, 100, null]);
    expect(of([10, null, 9, 100], true)).toEqual([100, 10, 9, null]);
    expect(of(['b10', 'b9', 'a'], false)).toEqual(['a', 'b9', 'b10']);
  });

  it('have no formula for a spreadsheet, and numbers stay numbers', () => {
    const rows = [
      ['=HYPERLINK("x")', -1],
      ['+1', '@x'],
      ['a=b', '\tx'],
    ];
    expect(toCsv(['x', 'y'], rows)).toBe(
      'x,y\r\n"\'=HYPERLINK(""x"")",-1\r\n\'+1,\'@x\r\na=b,\'\tx\r\n',
    );
  });

  it('are written as CSV and as lines of JSON', () => {
    const rows = [
      ['a "b", c', null],
      ['two\nlines', 1.5],
    ];
    expect(toCsv(['x', 'y'], rows)).toBe('x,y\r\n"a ""b"", c",\r\n"two\nlines",1.5\r\n');
    expect(toNdjson(['x', 'y'], rows)).toBe(
      '{"x":"a \\"b\\", c","y":null}\n{"x":"two\\nlines","y":1.5}\n',
    );
  });
});
