import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';

/** The editor in the colours of the page, light and dark. */
export const editorLook: Extension = EditorView.theme({
  '&': { color: 'var(--ink)', fontSize: '13px', maxHeight: '38vh' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': {
    fontFamily: 'var(--mantine-font-family-monospace)',
    fontVariantLigatures: 'none',
    lineHeight: '1.55',
  },
  '.cm-content': { padding: '7px 0', caretColor: 'var(--ink)' },
  '.cm-line': { padding: '0 10px' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-placeholder': { color: 'var(--ink-dim)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground':
    { background: 'color-mix(in srgb, var(--accent) 30%, transparent)' },
  '&.cm-focused .cm-matchingBracket': { background: 'var(--row-selected)', outline: 'none' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--level-error) 1px',
    textUnderlineOffset: '3px',
  },
  '.cm-tooltip': {
    overflow: 'hidden',
    border: '1px solid var(--line-strong)',
    borderRadius: '7px',
    background: 'var(--raised)',
    color: 'var(--ink)',
    boxShadow: '0 8px 26px rgb(10 14 30 / 18%)',
    zIndex: 200,
  },
  '.cm-tooltip-hover, .cm-tooltip-lint': { padding: '2px', maxWidth: '460px', fontSize: '12.5px' },
  '.cm-tooltip-lint .cm-diagnostic': { borderLeftColor: 'var(--level-error)', fontSize: '12.5px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: 'var(--mantine-font-family-monospace)',
    fontSize: '12.5px',
    maxHeight: '280px',
    minWidth: '220px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': {
    display: 'flex',
    gap: '14px',
    padding: '4px 10px',
    lineHeight: '1.4',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    background: 'var(--row-selected)',
    color: 'var(--ink)',
  },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '650' },
  '.cm-completionLabel': { overflow: 'hidden', textOverflow: 'ellipsis', maxWidth: '340px' },
  '.cm-completionDetail': {
    marginLeft: 'auto',
    color: 'var(--ink-dim)',
    fontFamily: '"Inter Variable", sans-serif',
    fontStyle: 'normal',
    fontSize: '11.5px',
  },
  '.tok-stage': { color: 'var(--accent)', fontWeight: '650' },
  '.tok-keyword, .tok-operatorKeyword': { color: 'var(--accent)' },
  '.tok-function': { color: 'var(--level-debug-text)' },
  '.tok-text, .tok-regex, .tok-string': { color: 'var(--good)' },
  '.tok-labelName, .tok-propertyName': { color: 'var(--level-debug-text)' },
  '.tok-number': { color: 'var(--level-warn-text)' },
  '.tok-comment': { color: 'var(--ink-dim)', fontStyle: 'italic' },
  '.tok-pipe': { color: 'var(--ink-dim)', fontWeight: '650' },
  '.tok-symbol, .tok-punctuation, .tok-operator': { color: 'var(--ink-dim)' },
});
