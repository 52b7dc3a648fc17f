/* The functions of the query language as docs/insights.md has them, for completion. */

export interface FunctionWord {
  name: string;
  /** Its arguments, as they are written. */
  arguments: string;
  about: string;
}

function words(list: [name: string, args: string, about: string][]): FunctionWord[] {
  return list.map(([name, args, about]) => ({ name, arguments: args, about }));
}

/** Those of `stats`. */
export const aggregateFunctions = words([
  ['count', 'field', 'how many rows, or how many have the field'],
  ['count_distinct', 'field', 'how many different values'],
  ['sum', 'field', 'the sum'],
  ['avg', 'field', 'the mean'],
  ['min', 'field', 'the least'],
  ['max', 'field', 'the greatest'],
  ['median', 'field', 'the middle one'],
  ['pct', 'field, 95', 'a percentile'],
  ['stddev', 'field', 'the standard deviation'],
  ['first', 'field', 'the value of the oldest row'],
  ['last', 'field', 'the value of the newest row'],
  ['sortsFirst', 'field', 'the first in order'],
  ['sortsLast', 'field', 'the last in order'],
  ['rate', '', 'rows a second; with a field its sum a second'],
]);

/** Those of values. */
export const valueFunctions = words([
  ['bin', '5m', 'the time, or a number, in steps'],
  ['coalesce', 'a, b', 'the first that is there'],
  ['if', 'condition, a, b', 'one of two values'],
  ['isPresent', 'field', 'whether there is a value'],
  ['isEmpty', 'text', 'whether it is missing or has no characters'],
  ['isBlank', 'text', 'whether it is missing or only white space'],
  ['strlen', 'text', 'its length'],
  ['toupper', 'text', 'in capitals'],
  ['tolower', 'text', 'in small letters'],
  ['trim', 'text', 'without white space around it'],
  ['ltrim', 'text', 'without white space before it'],
  ['rtrim', 'text', 'without white space behind it'],
  ['substr', 'text, start, length', 'a part, from 0'],
  ['concat', 'a, b', 'one text of several'],
  ['replace', 'text, what, with', 'one text for another'],
  ['strcontains', 'text, part', 'whether a part stands in it'],
  ['startsWith', 'text, part', 'whether it begins so'],
  ['endsWith', 'text, part', 'whether it ends so'],
  ['splitPart', 'text, separator, place', 'the part at a place'],
  ['json', 'text, "path"', 'a value of JSON in a text'],
  ['jsonLength', 'text', 'how many items JSON in a text has'],
  ['toNumber', 'value', 'as a number'],
  ['toString', 'value', 'as a text'],
  ['toTime', 'value', 'as a time'],
  ['fromMillis', 'number', 'the time of milliseconds since 1970'],
  ['toMillis', 'time', 'milliseconds since 1970'],
  ['formatDate', 'time, "HH:mm"', 'a time as a text'],
  ['datefloor', 'time, 1h', 'a time rounded down'],
  ['dateceil', 'time, 1h', 'a time rounded up'],
  ['now', '', 'this moment'],
  ['abs', 'number', 'without its sign'],
  ['ceil', 'number', 'rounded up'],
  ['floor', 'number', 'rounded down'],
  ['round', 'number, decimals', 'rounded'],
  ['sqrt', 'number', 'the square root'],
  ['log', 'number', 'the natural logarithm'],
  ['log10', 'number', 'the logarithm to base 10'],
  ['exp', 'number', 'e to its power'],
  ['pow', 'number, power', 'a power'],
  ['mod', 'number, divisor', 'the remainder'],
  ['greatest', 'a, b', 'the greater'],
  ['least', 'a, b', 'the lesser'],
]);

/** What each stage does. */
export const stageHelp: Record<string, string> = {
  fields: 'the columns that are shown, also computed ones',
  filter: 'keeps the rows that meet a condition',
  parse: 'takes parts out of a text',
  stats: 'counts and computes, by groups',
  sort: 'orders the rows',
  limit: 'keeps the first rows',
  dedup: 'keeps the first of each combination of values',
  pattern: 'the templates of a text',
  display: 'the columns that are shown in the end',
  search: 'words, "phrases" and field:value, as in the search bar',
};
