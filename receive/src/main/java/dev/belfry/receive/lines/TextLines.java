package dev.belfry.receive.lines;

import dev.belfry.receive.json.JsonMembers;
import dev.belfry.receive.time.TimeReader;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Lines of text: the message is the record as it stands; time, level and syslog's parts are found.
 */
final class TextLines implements LineParser {
    /* Possessive, so that no line makes the matcher go back over it. */
    private static final Pattern SYSLOG =
            Pattern.compile("([\\w.:-]++) ([\\w./()@*+-]++)(?:\\[(\\d++)\\])?: ?");
    private static final Pattern RFC5424 =
            Pattern.compile("(\\S++) (\\S++) (\\S++) (\\S++)(?: |$)");
    private static final int PRIORITY_MAX = 191;

    private final TimeReader times;
    private final FieldPlaces places;
    private final boolean timed;

    /**
     * A parser.
     *
     * @param timed whether the file's lines have times, so that one without belongs to the line
     *     before
     */
    TextLines(TimeReader times, FieldPlaces places, boolean timed) {
        this.times = times;
        this.places = places;
        this.timed = timed;
    }

    @Override
    public boolean continues(CharSequence record, String line) {
        char first = line.charAt(0);
        if (first == ' ' || first == '\t') {
            return true;
        }
        if (timed) {
            return !times.find(line);
        }
        return line.startsWith("Caused by: ") || line.startsWith("}") && line.length() <= 2;
    }

    @Override
    public boolean parse(String record, LineEvent event) {
        int lineEnd = record.indexOf('\n');
        String line = lineEnd < 0 ? record : record.substring(0, lineEnd);
        if (line.startsWith("{") && json(record, event)) {
            return true;
        }
        event.message(record);
        int priorityEnd = priority(line, event);
        boolean found = times.find(line);
        int behind = priorityEnd;
        if (found) {
            event.timestampNanos(times.epochNanos());
            behind = times.to();
            behind = syslog(line, priorityEnd, behind, event);
        }
        if (event.level() == null) {
            event.level(level(line, behind, found));
        }
        return true;
    }

    private static @Nullable String level(String line, int behind, boolean found) {
        if (found && line.length() > 4 && behind > 4 && isGlog(line)) {
            return String.valueOf(line.charAt(0));
        }
        return LevelReader.find(line, behind);
    }

    /* glog and klog write the level as the letter before the date: I0124 10:00:00.123456 */
    private static boolean isGlog(String line) {
        return "IWEF".indexOf(line.charAt(0)) >= 0
                && Character.isDigit(line.charAt(1))
                && Character.isDigit(line.charAt(4));
    }

    private boolean json(String record, LineEvent event) {
        List<JsonMembers.Member> members = JsonMembers.read(record);
        if (members == null) {
            return false;
        }
        places.begin();
        members.forEach(member -> places.put(member, event));
        places.finish(event);
        return true;
    }

    /* <PRI> as syslog sends it: facility × 8 + severity, without leading zeros. Answers where it ends. */
    private static int priority(String line, LineEvent event) {
        int end = line.startsWith("<") ? line.indexOf('>') : -1;
        if (end < 2 || end > 4 || line.charAt(1) == '0' && end > 2) {
            return 0;
        }
        int value = 0;
        for (int at = 1; at < end; at++) {
            int digit = line.charAt(at) - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            value = value * 10 + digit;
        }
        if (value > PRIORITY_MAX) {
            return 0;
        }
        event.level(LevelReader.syslog(value & 7));
        event.tagJson("facility", Integer.toString(value >> 3));
        return end + 1;
    }

    /* Behind the time: "host program[pid]:", or in RFC 5424 "host program pid msgid". Answers where it ends. */
    private int syslog(String line, int priorityEnd, int behind, LineEvent event) {
        if (behind >= line.length() || line.charAt(behind) != ' ') {
            return behind;
        }
        boolean versioned =
                priorityEnd > 0 && line.startsWith("1 ", priorityEnd) && times.from() <= 8;
        Matcher parts = (versioned ? RFC5424 : SYSLOG).matcher(line);
        parts.region(behind + 1, line.length());
        if (!parts.lookingAt()) {
            return behind;
        }
        boolean named = Character.isLetter(line.charAt(times.from()));
        boolean sure = versioned || priorityEnd > 0 || named || parts.group(3) != null;
        if (!sure || LevelReader.isLevel(parts.group(1))) {
            return behind;
        }
        tag("host", parts.group(1), event);
        tag("program", parts.group(2), event);
        tag("pid", parts.group(3), event);
        if (versioned) {
            tag("msgid", parts.group(4), event);
        }
        return parts.end();
    }

    private static void tag(String name, @Nullable String value, LineEvent event) {
        if (value == null || value.equals("-")) {
            return;
        }
        if (name.equals("pid") && FieldPlaces.isNumber(value)) {
            event.tagJson(name, value);
        } else {
            event.tag(name, value);
        }
    }
}
