package dev.belfry.receive.lines;

/** Makes events of one format's records; a record is one line, or several that belong together. */
interface LineParser {
    /**
     * Whether {@code line} belongs to {@code record}, the lines so far, instead of beginning
     * another.
     */
    boolean continues(CharSequence record, String line);

    /**
     * Fills the cleared {@code event} from {@code record}, whatever the record holds.
     *
     * @return false when the record is no event, as the header of a table
     */
    boolean parse(String record, LineEvent event);
}
