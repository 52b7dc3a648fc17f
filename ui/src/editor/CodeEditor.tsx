import {
  acceptCompletion,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  type CompletionSource,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching } from '@codemirror/language';
import { lintKeymap, setDiagnostics } from '@codemirror/lint';
import { EditorState, Prec, type Extension } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightSpecialChars,
  keymap,
  placeholder as placeholderOf,
} from '@codemirror/view';
import { useEffect, useRef } from 'react';
import classes from './CodeEditor.module.css';
import { editorLook } from './look';

/** What is wrong with the text, and where. */
export interface Problem {
  /** Offset of the first character; the end of the text where something is missing. */
  from: number;
  /** Offset behind the last. */
  to: number;
  message: string;
}

interface CodeEditorProps {
  id?: string;
  label: string;
  value: string;
  placeholder?: string;
  /** Its colours and whatever else the language needs; taken when the editor is made. */
  language: Extension;
  /** What may stand at the cursor; left out where the language itself knows. */
  complete?: CompletionSource;
  problem: Problem | null;
  onChange: (value: string) => void;
  /** Enter; Shift-Enter begins a line. */
  onRun: () => void;
  /** Further keys, such as the one that formats. */
  keys?: Record<string, () => void>;
}

/** A field for a query of several lines: colours, completion, what is wrong underlined. */
export function CodeEditor(props: CodeEditorProps) {
  const { id, label, value, placeholder, problem } = props;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });

  useEffect(() => {
    if (!host.current) return;
    const first = latest.current;
    const keys = Object.keys(first.keys ?? {}).map((key) => ({
      key,
      run: () => {
        latest.current.keys?.[key]?.();
        return true;
      },
    }));
    const made = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: first.value,
        extensions: [
          Prec.high(keymap.of([{ key: 'Tab', run: acceptCompletion }, ...keys])),
          keymap.of(completionKeymap),
          keymap.of([
            {
              key: 'Enter',
              run: () => {
                latest.current.onRun();
                return true;
              },
            },
            { key: 'Escape', run: leave },
          ]),
          keymap.of([...closeBracketsKeymap, ...historyKeymap, ...lintKeymap, ...defaultKeymap]),
          history(),
          drawSelection(),
          highlightSpecialChars(),
          bracketMatching(),
          closeBrackets(),
          autocompletion({
            ...(first.complete
              ? { override: [(context) => latest.current.complete?.(context) ?? null] }
              : {}),
            activateOnTypingDelay: 40,
            maxRenderedOptions: 60,
            icons: false,
          }),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({
            'aria-label': first.label,
            ...(first.id ? { id: first.id } : {}),
            spellcheck: 'false',
            autocapitalize: 'none',
          }),
          first.placeholder ? placeholderOf(first.placeholder) : [],
          first.language,
          editorLook,
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = made;
    return () => made.destroy();
  }, [id, label, placeholder]);

  useEffect(() => {
    const made = view.current;
    if (!made || made.state.doc.toString() === value) return;
    made.dispatch({
      changes: { from: 0, to: made.state.doc.length, insert: value },
      selection: { anchor: Math.min(made.state.selection.main.head, value.length) },
    });
  }, [value]);

  useEffect(() => {
    const made = view.current;
    if (!made) return;
    made.dispatch(setDiagnostics(made.state, problem ? [diagnostic(problem, made)] : []));
  }, [problem]);

  return <div ref={host} className={classes.editor} data-problem={problem !== null || undefined} />;
}

function diagnostic({ from, to, message }: Problem, { state }: EditorView) {
  const end = state.doc.length;
  // What is missing at the end is shown below the last character.
  const start = Math.max(0, Math.min(from, end - 1));
  return {
    from: start,
    to: Math.min(Math.max(to, start + 1), end),
    severity: 'error' as const,
    message,
  };
}

function leave(view: EditorView): boolean {
  view.contentDOM.blur();
  return true;
}
