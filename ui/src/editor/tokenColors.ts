import { RangeSetBuilder, StateField, type EditorState, type Extension } from '@codemirror/state';
import { Decoration, EditorView, type DecorationSet } from '@codemirror/view';

interface Colored {
  kind: string;
  from: number;
  to: number;
}

/** Colours a text by its tokens, each with the class `tok-` and its kind; for short texts. */
export function tokenColors(tokens: (text: string) => readonly Colored[]): Extension {
  const colors = (state: EditorState): DecorationSet => {
    const builder = new RangeSetBuilder<Decoration>();
    for (const { kind, from, to } of tokens(state.doc.toString())) {
      builder.add(from, to, Decoration.mark({ class: `tok-${kind}` }));
    }
    return builder.finish();
  };
  return StateField.define<DecorationSet>({
    create: colors,
    update: (old, transaction) => (transaction.docChanged ? colors(transaction.state) : old),
    provide: (field) => EditorView.decorations.from(field),
  });
}
