import { describe, expect, it } from 'vitest';
import { clipText, firstLine, visibleText } from './visible';

describe('visibleText', () => {
  it('leaves ordinary text as it is, tabs, line ends and other scripts too', () => {
    for (const text of ['a <b> & "c"', 'one\n\ttwo', 'größer, 日本語, שלום, 🙂', '']) {
      expect(visibleText(text)).toBe(text);
    }
  });

  it('takes out terminal colours, links and titles', () => {
    expect(visibleText('\u001b[1;31mERROR\u001b[0m done')).toBe('ERROR done');
    expect(visibleText('\u001b[38;2;1;2;3mx\u009b0m')).toBe('x');
    expect(visibleText('\u001b]8;;http://evil\u0007text\u001b]8;;\u001b\\')).toBe('text');
    expect(visibleText('\u001b]0;title\u0007after')).toBe('after');
    expect(visibleText('\u001bcreset')).toBe('reset');
  });

  it('shows controls and what turns the direction of writing', () => {
    expect(visibleText('a\u0000b\u0007c\u007f')).toBe('a⟨U+0000⟩b⟨U+0007⟩c⟨U+007F⟩');
    expect(visibleText('invoice\u202egpj.exe')).toBe('invoice⟨U+202E⟩gpj.exe');
    expect(visibleText('\u2067x\u2069')).toBe('⟨U+2067⟩x⟨U+2069⟩');
    expect(visibleText('a\r\nb\rc\r')).toBe('a\nb⟨U+000D⟩c');
  });

  it('takes a line that is cut within an escape', () => {
    expect(visibleText('cut \u001b[31')).toBe('cut ⟨U+001B⟩[31');
  });
});

describe('clipText', () => {
  it('cuts long text and never half a character', () => {
    expect(clipText('abc', 3)).toBe('abc');
    expect(clipText('abcd', 3)).toBe('abc…');
    expect(clipText('a🙂b', 2)).toBe('a…');
  });
});

describe('firstLine', () => {
  it('counts the lines that follow', () => {
    expect(firstLine('one')).toEqual({ first: 'one', more: 0 });
    expect(firstLine('one\n')).toEqual({ first: 'one', more: 0 });
    expect(firstLine('Error: x\r\n\tat a\n\tat b\n')).toEqual({ first: 'Error: x', more: 2 });
    expect(firstLine('\n  \nlate')).toEqual({ first: 'late', more: 2 });
    expect(firstLine('')).toEqual({ first: '', more: 0 });
  });
});
