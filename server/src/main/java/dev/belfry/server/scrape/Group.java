package dev.belfry.server.scrape;

import dev.belfry.model.series.Labels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Targets that have labels in common, as discoveries give them.
 *
 * @param targets addresses, or labels with {@code __address__}
 */
record Group(List<Labels> targets) {
    Group {
        targets = List.copyOf(targets);
    }

    /**
     * The groups of a list such as files and HTTP give: {@code [{targets: [...], labels: {...}}]}.
     *
     * @param meta labels that all get
     * @throws ScrapeException when it is none
     */
    static List<Group> read(String place, Object value, Map<String, String> meta)
            throws ScrapeException {
        if (!(value instanceof List<?> list)) {
            throw new ScrapeException(place + ": no list (expected: [{targets, labels}])");
        }
        List<Group> groups = new ArrayList<>();
        for (Object each : list) {
            Settings group =
                    new Settings(
                            place + "[" + groups.size() + "]", each, Set.of("targets", "labels"));
            List<Labels> targets = new ArrayList<>();
            for (String address : group.texts("targets")) {
                Map<String, String> labels = new LinkedHashMap<>(meta);
                labels.putAll(group.map("labels"));
                labels.put("__address__", address);
                targets.add(Labels.of(labels));
            }
            groups.add(new Group(targets));
        }
        return groups;
    }
}
