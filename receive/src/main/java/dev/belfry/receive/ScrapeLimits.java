package dev.belfry.receive;

import dev.belfry.model.series.Labels;
import org.jspecify.annotations.Nullable;

/**
 * What a target may give at most; 0 for no limit. A target that gives more is not taken at all.
 *
 * @param samples samples that are wanted
 * @param labels labels of a series
 * @param nameCharacters characters of a label's name
 * @param valueCharacters characters of a label's value
 */
public record ScrapeLimits(int samples, int labels, int nameCharacters, int valueCharacters) {
    /** None. */
    public static final ScrapeLimits NONE = new ScrapeLimits(0, 0, 0, 0);

    /** Null when {@code found} are few and short enough, else what is wrong. */
    @Nullable String wrong(Labels found) {
        if (labels > 0 && found.size() > labels) {
            return "label_limit: "
                    + found.size()
                    + " labels of "
                    + found.metricName()
                    + " (expected: at most "
                    + labels
                    + ")";
        }
        for (int i = 0; i < found.size(); i++) {
            int name = found.name(i).length();
            int value = found.value(i).length();
            if (nameCharacters > 0 && name > nameCharacters) {
                return "label_name_length_limit: "
                        + found.name(i)
                        + " of "
                        + found.metricName()
                        + " (expected: at most "
                        + nameCharacters
                        + " characters)";
            }
            if (valueCharacters > 0 && value > valueCharacters) {
                return "label_value_length_limit: "
                        + value
                        + " characters of "
                        + found.name(i)
                        + " of "
                        + found.metricName()
                        + " (expected: at most "
                        + valueCharacters
                        + ")";
            }
        }
        return null;
    }
}
