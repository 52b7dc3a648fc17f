import type { CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { tokenColors } from '../../editor/tokenColors';
import { completeQuery, type KnownField, type Suggestion } from '../../lib/complete';
import { formatCompact } from '../../lib/format';
import { tokens } from '../../lib/insight';
import { visibleText } from '../../lib/visible';

/** The colours of the query language. */
export const insightColors = tokenColors(tokens);

/** What may stand at the caret, by the fields of what is shown. */
export function completeInsight(
  context: CompletionContext,
  fields: readonly KnownField[],
): CompletionResult | null {
  const text = context.state.doc.toString();
  const completion = completeQuery(text, context.pos, fields);
  if (!completion) return null;
  const typed = text.slice(completion.from, completion.to);
  if (typed === '' && !context.explicit && completion.valuesOf === null) return null;
  // What is written already is no suggestion: Enter runs the query.
  if (!context.explicit && completion.suggestions.some(({ insert }) => insert.trim() === typed)) {
    return null;
  }
  if (completion.suggestions.length === 0) return null;
  return {
    from: completion.from,
    to: completion.to,
    filter: false,
    options: completion.suggestions.map((one) => ({
      label: visibleText(one.label),
      type: one.kind,
      apply: one.insert,
      detail: detailOf(one),
    })),
  };
}

function detailOf({ kind, detail }: Suggestion): string {
  if (typeof detail === 'number') return formatCompact(detail);
  return detail ?? kind;
}
