package dev.belfry.server.scrape;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.belfry.model.series.KeyHash;
import dev.belfry.model.series.Labels;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One rule of relabeling. Safe for many threads. */
final class Relabel {
    /* https://prometheus.io/docs/prometheus/latest/configuration/configuration/#relabel_config */
    private static final Set<String> KNOWN =
            Set.of(
                    "source_labels",
                    "separator",
                    "target_label",
                    "regex",
                    "modulus",
                    "replacement",
                    "action");

    private enum Action {
        REPLACE,
        KEEP,
        DROP,
        KEEPEQUAL,
        DROPEQUAL,
        HASHMOD,
        LABELMAP,
        LABELDROP,
        LABELKEEP,
        LOWERCASE,
        UPPERCASE
    }

    private final Settings settings;
    private final Action action;
    private final List<String> sources;
    private final String separator;
    private final String target;
    private final Pattern regex;
    private final String replacement;
    private final long modulus;

    private Relabel(Settings settings) throws ScrapeException {
        this.settings = settings;
        String word = settings.text("action", "replace").toUpperCase(Locale.ROOT);
        try {
            action = Action.valueOf(word);
        } catch (IllegalArgumentException _) {
            throw settings.wrong(
                    "action",
                    "replace, keep, drop, keepequal, dropequal, hashmod, labelmap, labeldrop,"
                            + " labelkeep, lowercase or uppercase");
        }
        sources = settings.texts("source_labels");
        separator = settings.text("separator", ";");
        target = settings.text("target_label", "");
        replacement = settings.text("replacement", "$1");
        modulus = settings.whole("modulus", 0);
        try {
            regex = Pattern.compile("^(?s:" + settings.text("regex", "(.*)") + ")$");
        } catch (PatternSyntaxException e) {
            throw settings.wrong("regex", "a regular expression of RE2: " + e.getMessage());
        }
        boolean targeted =
                switch (action) {
                    case REPLACE, HASHMOD, LOWERCASE, UPPERCASE, KEEPEQUAL, DROPEQUAL -> true;
                    case KEEP, DROP, LABELMAP, LABELDROP, LABELKEEP -> false;
                };
        if (targeted && target.isEmpty()) {
            throw settings.wrong(
                    "target_label", "the name of a label, for " + word.toLowerCase(Locale.ROOT));
        }
        if (action == Action.HASHMOD && modulus == 0) {
            throw settings.wrong("modulus", "a number above 0, for hashmod");
        }
    }

    /** The rules of a list. */
    static List<Relabel> read(String place, List<?> rules) throws ScrapeException {
        List<Relabel> all = new ArrayList<>();
        for (Object each : rules) {
            all.add(new Relabel(new Settings(place + "[" + all.size() + "]", each, KNOWN)));
        }
        return List.copyOf(all);
    }

    /** Adds all that it does to {@code hash}. */
    void addTo(KeyHash hash) {
        List<String> texts = new ArrayList<>(sources);
        texts.addAll(List.of(action.name(), separator, target, regex.pattern(), replacement));
        hash.add(sources.size()).add(modulus);
        for (String text : texts) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            hash.add(bytes, 0, bytes.length);
        }
    }

    /** What {@code rules}, one after the other, make of {@code labels}; null when it is dropped. */
    static @Nullable Labels apply(List<Relabel> rules, Labels labels) {
        if (rules.isEmpty()) {
            return labels;
        }
        Labels.Builder builder = new Labels.Builder(labels);
        for (Relabel rule : rules) {
            if (!rule.apply(builder)) {
                return null;
            }
        }
        return builder.build();
    }

    private boolean apply(Labels.Builder labels) {
        String value = sources.stream().map(labels::get).collect(Collectors.joining(separator));
        switch (action) {
            case KEEP -> {
                return regex.matcher(value).matches();
            }
            case DROP -> {
                return !regex.matcher(value).matches();
            }
            case KEEPEQUAL -> {
                return labels.get(target).equals(value);
            }
            case DROPEQUAL -> {
                return !labels.get(target).equals(value);
            }
            case REPLACE -> replace(labels, value);
            case LOWERCASE -> labels.set(target, value.toLowerCase(Locale.ROOT));
            case UPPERCASE -> labels.set(target, value.toUpperCase(Locale.ROOT));
            case HASHMOD -> labels.set(target, Long.toUnsignedString(hash(value)));
            case LABELMAP -> {
                for (String name : names(labels)) {
                    Matcher matcher = regex.matcher(name);
                    if (matcher.matches()) {
                        labels.set(expand(matcher, replacement), labels.get(name));
                    }
                }
            }
            case LABELDROP -> {
                for (String name : names(labels)) {
                    if (regex.matcher(name).matches()) {
                        labels.remove(name);
                    }
                }
            }
            case LABELKEEP -> {
                for (String name : names(labels)) {
                    if (!regex.matcher(name).matches()) {
                        labels.remove(name);
                    }
                }
            }
        }
        return true;
    }

    private void replace(Labels.Builder labels, String value) {
        Matcher matcher = regex.matcher(value);
        if (!matcher.matches()) {
            return;
        }
        String name = expand(matcher, target);
        if (!name.isEmpty()) {
            labels.set(name, expand(matcher, replacement));
        }
    }

    private static List<String> names(Labels.Builder labels) {
        List<String> names = new ArrayList<>();
        labels.build().forEach((name, _) -> names.add(name));
        return names;
    }

    /* $1, ${1}, $name, ${name}, $$; what there is not is empty. */
    private static String expand(Matcher matcher, String template) {
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < template.length(); at++) {
            char next = template.charAt(at);
            if (next != '$' || at + 1 == template.length()) {
                text.append(next);
                continue;
            }
            if (template.charAt(at + 1) == '$') {
                text.append('$');
                at++;
                continue;
            }
            boolean braced = template.charAt(at + 1) == '{';
            int from = braced ? at + 2 : at + 1;
            int to = from;
            while (to < template.length() && isWord(template.charAt(to))) {
                to++;
            }
            if (to == from || braced && (to == template.length() || template.charAt(to) != '}')) {
                text.append(next);
                continue;
            }
            text.append(group(matcher, template.substring(from, to)));
            at = braced ? to : to - 1;
        }
        return text.toString();
    }

    private static String group(Matcher matcher, String name) {
        String found;
        if (name.chars().allMatch(Character::isDigit)) {
            int number = name.length() > 3 ? Integer.MAX_VALUE : Integer.parseInt(name);
            found = number <= matcher.groupCount() ? matcher.group(number) : null;
        } else {
            boolean known = matcher.pattern().namedGroups().containsKey(name);
            found = known ? matcher.group(name) : null;
        }
        return found == null ? "" : found;
    }

    private static boolean isWord(char next) {
        return next == '_'
                || next >= '0' && next <= '9'
                || next >= 'a' && next <= 'z'
                || next >= 'A' && next <= 'Z';
    }

    /** Whether it says the same. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Relabel rule && settings.equals(rule.settings);
    }

    @Override
    public int hashCode() {
        return settings.hashCode();
    }

    /* The last eight bytes of MD5, big endian. */
    private long hash(String value) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("MD5").digest(value.getBytes(StandardCharsets.UTF_8));
            return Long.remainderUnsigned(ByteBuffer.wrap(digest).getLong(8), modulus);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("BUG: no MD5", e);
        }
    }
}
